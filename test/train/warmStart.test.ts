import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CpuBackend, leaves, type Tensor } from '../../src/tensor/index.js';
import {
  CheckpointError,
  loadOrigin,
  loadWeights,
  makeModel,
  saveWeights,
  warmStart,
} from '../../src/train/index.js';
import { writeSealed } from '../../src/train/sealedFile.js';
import { storeTree } from '../../src/train/storedTree.js';
import { perturbed } from '../../src/trace/index.js';
import { leastModel } from './support/leastModel.js';

describe('a warm start', () => {
  let root: string;
  const backend = new CpuBackend();
  const model = makeModel(leastModel());
  before(() => (root = mkdtempSync(join(tmpdir(), 'warm-'))));
  after(() => rmSync(root, { recursive: true }));

  /** A network that has another size in one layer and lacks CaTeGory: weights of it, as two versions wrote them. */
  async function written(): Promise<{ file: string; old: string; leaves: Map<string, Tensor> }> {
    const spec = leastModel('components.category=false', 'timeChannels=8');
    const params = perturbed(makeModel(spec).draw(backend, 5), 5);
    const [file, old] = [join(root, 'now.safetensors'), join(root, 'old.safetensors')];
    await saveWeights(file, spec, params, { half: false, provenance: {} });
    const metadata = { format: 'seeclear weights 1', model: JSON.stringify(spec) };
    writeSealed(old, { tensors: await storeTree(params.condenser, ''), metadata });
    return { file, old, leaves: new Map(leaves(params.condenser)) };
  }

  it('takes what has the same path and shape, and leaves the rest as drawn, from either version', async () => {
    const { file, old, leaves: given } = await written();
    for (const path of [file, old]) {
      const drawn = leaves(model.draw(backend, 1).condenser);
      const again = model.draw(backend, 1).condenser;
      const held = backend.memory().tensors;
      const { params, taken, of } = warmStart(again, loadOrigin(path));
      expect(backend.memory().tensors, 'what was drawn in vain is freed').to.equal(held);
      let same = 0;
      for (const [i, [name, leaf]] of leaves(params).entries()) {
        const origin = given.get(name);
        const fits = origin !== undefined && String(origin.shape) === String(leaf.shape);
        if (fits) same++;
        const expected = await (fits ? origin : drawn[i][1]).read();
        const stored = fits && path === file ? expected.map(Math.fround) : expected;
        expect([...(await leaf.read())], name).to.deep.equal([...stored]);
      }
      expect([taken, of]).to.deep.equal([same, drawn.length]);
      expect(taken).to.be.within(of / 2, of - 20);
    }
  });

  it('lets attention within frames become attention through them, nearly as it was', async () => {
    const within = leastModel('components.mfsa=false', 'components.incam=false');
    const through = leastModel('components.incam=false');
    const origin = perturbed(makeModel(within).draw(backend, 6), 6);
    const file = join(root, 'within.safetensors');
    await saveWeights(file, within, origin, { half: false, provenance: {} });
    const drawn = makeModel(through).draw(backend, 7).condenser;
    const { params, taken, of } = warmStart(drawn, loadOrigin(file));
    expect(taken).to.equal(of);
    const [heads, offsets] = origin.condenser.middle[0].spatial!.position.shape;
    const [table, old] = await Promise.all(
      [params, origin.condenser].map(({ middle }) => middle[0].spatial!.position.read()),
    );
    const spans = 3; // two frames: one before, the same, one after
    for (let head = 0; head < heads; head++)
      for (let span = 0; span < spans; span++)
        for (let i = 0; i < offsets; i++)
          expect(table[(head * spans + span) * offsets + i]).to.be.closeTo(
            old[head * offsets + i] - (span === 1 ? 0 : 4),
            1e-6,
          );
  });

  it('is what weights of the first version are good for', async () => {
    const { old } = await written();
    expect(() => loadWeights(old)).to.throw(CheckpointError, /earlier version; train again, .*--from/);
    expect(() => loadOrigin(join(root, 'none.safetensors'))).to.throw(CheckpointError, /ENOENT/);
  });
});
