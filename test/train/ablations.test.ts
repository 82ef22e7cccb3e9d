import { expect } from 'chai';
import { table2 } from '../../src/audit/paperTables.js';
import { CpuBackend, free, leaves } from '../../src/tensor/index.js';
import {
  ablations,
  heldOutPair,
  makeModel,
  modelSpec,
  prepareBatch,
  stageNames,
  trainingClips,
  trainState,
  trainStep,
  upscaleClip,
  withParams,
} from '../../src/train/index.js';
import { perturbed } from '../../src/trace/index.js';
import { leastModel } from './support/leastModel.js';

const frames = 2;
const batchAt = (step: number, carried: boolean) =>
  prepareBatch(trainingClips('procedural', 1), step, { clips: 1, frames, crop: 32, carried });
/** Of two clips: enough for the steps of every stage. */
const batches = [batchAt(0, false), batchAt(1, true)];

describe('SeeClear (Table 2), (Table 4): ablations', () => {
  it('are the rows of Table 2, and of Table 4', () =>
    expect(ablations.map(({ name }) => name)).to.deep.equal([
      ...table2.map((_, i) => `2.${i + 1}`),
      ...[1, 2, 3, 4, 5].map((i) => `4.${i}`),
    ]));

  it('of Table 2 add components and take none away, along 1–4, and from 2–4 to 5–7', () => {
    const has = (row: number): string[] => {
      const { components } = modelSpec('tiny', ablations[row - 1].overrides).network;
      return Object.entries(components).flatMap(([name, there]) => (there ? [name] : []));
    };
    const added = (from: number, to: number): string[] => has(to).filter((name) => !has(from).includes(name));
    expect(has(1)).to.deep.equal(['dwt', 'attention']);
    expect([added(1, 2), added(2, 3), added(3, 4)]).to.deep.equal([['semantic'], ['mfsa'], ['incam']]);
    expect([added(2, 5), added(3, 6), added(4, 7)]).to.deep.equal([['category'], ['category'], ['category']]);
    expect(has(7)).to.have.length(6);
  });

  it('of Table 4 have no semantics, and differ in blur, wavelets and attention', () => {
    const [a, b, c, d, e] = ablations.slice(7).map(({ overrides }) => modelSpec('tiny', overrides));
    expect([a, b, c, d, e].map(({ diffusion }) => diffusion.sigmaB2Max)).to.deep.equal([0, 2, 3, 0, 2]);
    expect([a, d, e].map(({ network }) => network.components.attention)).to.deep.equal([false, true, true]);
    expect([a, d, e].map(({ network }) => network.components.dwt)).to.deep.equal([true, false, true]);
    for (const spec of [a, b, c, d, e]) expect(spec.distiller).to.equal(undefined);
  });

  for (const { name, what, overrides } of ablations)
    it(`${name}, ${what}, is built, trained for a few steps and sampled`, async () => {
      const backend = new CpuBackend();
      const spec = leastModel('diffusion.T=2', 'semantics.modulationChannels=8', ...overrides);
      const model = makeModel(spec);
      let state = trainState(perturbed(model.draw(backend, 1), 1)); // no gradient is zero
      const before = await Promise.all(leaves(state.params).map(([, leaf]) => leaf.read()));
      const stages = spec.network.components.category ? stageNames : (['condenser'] as const);
      for (const stage of stages)
        for (const batch of stage === 'condenser' ? batches.slice(0, 1) : batches) {
          const options = { seed: 1, frames, stage, lr: 1e-3, clipNorm: 1, emaDecay: 0.5 };
          const done = await trainStep(model, backend, state, batch, options);
          state = done.state;
          expect(done.report.loss).to.be.within(0, 2);
        }
      const trained = leaves(state.params);
      const changed = await Promise.all(
        trained.map(async ([, leaf], i) => (await leaf.read()).some((v, j) => v !== before[i][j])),
      );
      const still = trained.filter((_, i) => !changed[i]).map(([path]) => path);
      expect(
        still.filter((path) => !path.endsWith('position')), // one pixel at 1/8 has no other to attend to
        'parameters that no stage trains',
      ).to.deep.equal([]);

      const { params: condenser, distiller } = state;
      expect(distiller !== undefined).to.equal(spec.network.components.semantic);
      const trainedModel = withParams(model, backend, { condenser, ...(distiller && { distiller }) });
      const { images, textures } = await upscaleClip(trainedModel, heldOutPair(0, frames, 32).lr, 0, frames, {
        seed: 1,
      });
      expect(images.map(({ width, height }) => [width, height])).to.deep.equal([
        [32, 32],
        [32, 32],
      ]);
      expect(textures !== undefined).to.equal(spec.network.components.category);
      free({ textures });
    }).timeout(240_000);
});
