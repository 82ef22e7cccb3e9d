import { expect } from 'chai';
import { presets, smallDistiller } from '../../src/model/index.js';
import { CpuBackend, type Values } from '../../src/tensor/index.js';
import { makeModel, type ModelSpec, modelSpec } from '../../src/train/index.js';
import { leastModel } from './support/leastModel.js';

describe('modelSpec', () => {
  it('is the preset, where nothing is replaced', () => {
    const { network, distiller } = modelSpec('tiny');
    expect(network).to.deep.equal(presets.tiny);
    expect(distiller?.config).to.include({
      tokenChannels: presets.tiny.semantics.tokenChannels,
      features: presets.tiny.semantics.featureChannels,
    });
  });

  it('replaces fields however deep they lie, and leaves the preset as it was', () => {
    const before = structuredClone(presets.tiny);
    const { network, diffusion } = modelSpec('tiny', [
      'channels=[4,4,8,8]',
      'components.mfsa=false',
      'semantics.tokens=8',
      'memory.initial=zero',
      'diffusion.T=4',
    ]);
    expect(network.channels).to.deep.equal([4, 4, 8, 8]);
    expect(network.components).to.deep.equal({ ...before.components, mfsa: false });
    expect(network.semantics.tokens).to.equal(8);
    expect(network.memory.initial).to.equal('zero');
    expect(diffusion.T).to.equal(4);
    expect(presets.tiny).to.deep.equal(before);
  });

  it('has a distiller if and only if there are semantics', () => {
    const off = ['semantic', 'incam', 'category'].map((name) => `components.${name}=false`);
    expect(modelSpec('tiny', off).distiller).to.equal(undefined);
    expect(modelSpec('tiny').distiller).not.to.equal(undefined);
  });

  it('takes the channels of tokens and features from the distiller that it is given', () => {
    const distiller = { ...smallDistiller, tokenChannels: 16, features: 8, words: ['plain'] };
    const spec = modelSpec('tiny', [], distiller);
    expect(spec.network.semantics).to.include({ tokenChannels: 16, featureChannels: 8 });
    expect(spec.distiller?.config).to.equal(distiller);
  });

  it('names the fields that there are, and the kind of value', () => {
    for (const wrong of ['components.fmsa=false', 'components=false', 'mfsa=false', 'frames'])
      expect(() => modelSpec('tiny', [wrong]), wrong).to.throw(
        RangeError,
        /expected FIELD=VALUE with FIELD one of channels, .*components\.mfsa, .*diffusion\.T/,
      );
    expect(() => modelSpec('tiny', ['components.mfsa=1'])).to.throw('expected a value like true, got 1');
  });
});

describe('makeModel', () => {
  it('refuses a distiller that the network does not fit', () => {
    const { distiller, ...without } = leastModel();
    expect(() => makeModel(without)).to.throw(RangeError, /components\.semantic=true: expected a distiller/);
    const other: ModelSpec = { ...leastModel('semantics.featureChannels=5'), distiller: distiller! };
    expect(() => makeModel(other)).to.throw('semantics.featureChannels=5: expected 4');
  });

  it('draws the same parameters from the same seed, each by its own name', async () => {
    const spec = leastModel();
    const backend = new CpuBackend();
    const numbers = (seed: number, of = spec): Promise<Values> =>
      makeModel(of).draw(backend, seed).condenser.encoder[0].first.conv1.weight.read();
    expect(await numbers(1)).to.deep.equal(await numbers(1));
    expect(await numbers(1)).not.to.deep.equal(await numbers(2));
    expect(await numbers(1, leastModel('components.category=false'))).to.deep.equal(await numbers(1));
  });
});
