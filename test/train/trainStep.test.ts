import { expect } from 'chai';
import { charbonnier, trainingState } from '../../src/diffusion/index.js';
import type { Memory } from '../../src/model/index.js';
import { CpuBackend, leaves, mul, randomNormal, tensor, type Values } from '../../src/tensor/index.js';
import {
  ablations,
  type Batch,
  makeModel,
  prepareBatch,
  type StageName,
  stageNames,
  type StepWatch,
  trainingClips,
  trainState,
  type TrainState,
  trainStep,
  withParams,
} from '../../src/train/index.js';
import { noiseSeed, timestep } from '../../src/train/seeds.js';
import { perturbed } from '../../src/trace/index.js';
import { leastModel } from './support/leastModel.js';

const frames = 2;
const source = trainingClips('procedural', 1);
const batchAt = (step: number, carried: boolean, crop = 32): Batch =>
  prepareBatch(source, step, { clips: 1, frames, crop, carried });
const first = batchAt(0, false);
const second = batchAt(0, true);

describe('SeeClear (training stages): a step', () => {
  const backend = new CpuBackend();
  const model = makeModel(leastModel());

  /** Nothing is zero, so everything has a gradient from the first step on. */
  const start = (): TrainState => trainState(perturbed(model.draw(backend, 1), 1));
  const otherCategory = (): TrainState => {
    const { params, ...rest } = start();
    return { ...rest, params: { ...params, category: perturbed(params.category!, 9) } };
  };
  const take = (batch: Batch, stage: StageName, state = start()): ReturnType<typeof trainStep> =>
    trainStep(model, backend, state, batch, { seed: 1, frames, stage, lr: 1e-3, clipNorm: 1, emaDecay: 0.9 });
  const lossOf = async (batch: Batch, stage: StageName, state = start()): Promise<number> =>
    (await take(batch, stage, state)).report.loss;
  /** Paths of the parameters that a step changes. */
  const changedBy = async (batch: Batch, stage: StageName): Promise<string[]> => {
    const before = await Promise.all(leaves(start().params).map(([, leaf]) => leaf.read()));
    const { state } = await take(batch, stage);
    const after = await Promise.all(leaves(state.params).map(([, leaf]) => leaf.read()));
    return leaves(state.params).flatMap(([path], i) =>
      after[i].some((v, j) => v !== before[i][j]) ? [path] : [],
    );
  };

  it('changes every parameter of its stage, and no bit of another', async () => {
    const [first, second] = [batchAt(0, false, 64), batchAt(0, true, 64)]; // more than one pixel at 1/8
    const all = leaves(start().params).map(([path]) => path);
    const category = all.filter((path) => path.startsWith('category.'));
    const rest = all.filter((path) => !path.startsWith('category.'));
    expect(category.length).to.be.above(20);
    expect(await changedBy(first, 'condenser')).to.deep.equal(rest);
    expect(await changedBy(second, 'memory')).to.deep.equal(category);
    expect(await changedBy(second, 'joint')).to.deep.equal(all);
  });

  it('on first clips trains C̄, T̄ and their queries, and not what constructs the memory', async () => {
    const changed = await changedBy(first, 'memory');
    expect(new Set(changed.map((path) => path.split('.')[1]))).to.deep.equal(
      new Set(['semantics', 'textures', 'queries']),
    );
  });

  it('on second clips depends on the clips before them, through the memory alone', async () => {
    const other: Batch = { ...second, previous: batchAt(7, true).previous! };
    expect(await lossOf(other, 'memory')).not.to.equal(await lossOf(second, 'memory'));
    expect(await lossOf(other, 'condenser')).to.equal(await lossOf(second, 'condenser'));
  });

  it('on second clips asks the memory that the clips before leave at t = 1, where they asked the learned one', async () => {
    const { params, distiller } = start();
    const network = withParams(model, backend, { condenser: params, distiller: distiller! });
    const through = ({ hr, upscaled, lr, n, size }: Batch, t: number, stream: number, memory: Memory) => {
      const [x0, xl] = [hr, upscaled].map((values) => tensor(backend, [n, 3, size, size], values));
      const noise = randomNormal(backend, x0.shape, { seed: noiseSeed(1), stream });
      const ts = new Array<number>(n).fill(t);
      const noisy = trainingState(x0, xl, ts, model.schedule, noise);
      const small = tensor(backend, [n, 3, size / 4, size / 4], lr);
      const context = network.context(small, frames, memory)!;
      const state = mul(noisy.state, noisy.scale);
      return { truth: x0, ...network.predict({ state, lr: small, upscaled: xl, t: ts, frames, context }) };
    };
    const learned = network.memory()!;
    const { features } = through(second.previous!, 1, 1, learned);
    const carried = network.remember(learned, features, frames);
    const { truth, x0 } = through(second, timestep(1, 0, model.schedule.T), 0, carried);
    expect(await lossOf(second, 'joint')).to.equal(await charbonnier(truth, x0).item());
  });

  it('without a memory is the same whatever CaTeGory holds', async () => {
    expect(await lossOf(first, 'condenser', otherCategory())).to.equal(await lossOf(first, 'condenser'));
    expect(await lossOf(first, 'memory', otherCategory())).not.to.equal(await lossOf(first, 'memory'));
  });

  it('starts Adam anew at the first step of a stage, and goes on with it after', async () => {
    let { state } = await take(first, 'condenser');
    const seen: unknown[] = [];
    for (const stage of ['condenser', 'memory', 'memory', 'joint'] as const) {
      ({ state } = await take(first, stage, state));
      seen.push([state.step, state.adam?.stage, state.adam?.step]);
    }
    expect(seen).to.deep.equal([
      [2, 'condenser', 2],
      [3, 'memory', 1],
      [4, 'memory', 2],
      [5, 'joint', 1],
    ]);
  });

  it('leaves the distiller, and the average of what is frozen, as they are', async () => {
    const before = start();
    const numbers = async (tree: object): Promise<unknown> =>
      Promise.all(leaves(tree).map(async ([path, leaf]) => [path, [...(await leaf.read())]]));
    const frozen = ({ distiller, average }: TrainState): Promise<unknown> =>
      numbers({ distiller, rest: { ...average, category: undefined } });
    const expected = await frozen(before);
    const { state } = await take(second, 'memory', before);
    expect(await frozen(state)).to.deep.equal(expected);
    expect(await numbers(state.average.category!)).not.to.deep.equal(
      await numbers(start().average.category!),
    );
  });
});

describe('a step in passes', () => {
  const backend = new CpuBackend();
  const model = makeModel(leastModel());
  const clips = 3;
  const batch = prepareBatch(source, 1, { clips, frames, crop: 32, carried: true });

  /** Loss, norm and moments of the gradient; and the states u that went through the network, pass after pass. */
  const taken = async (micro?: number): Promise<{ found: Map<string, number[]>; states: number[] }> => {
    const state = trainState(perturbed(model.draw(backend, 1), 1));
    const options = { seed: 1, frames, stage: 'joint', lr: 1e-3, clipNorm: 1e3, emaDecay: 0.9 } as const;
    const states: Promise<Values>[] = [];
    const watch: StepWatch = {
      forward: () => undefined,
      taken: () => undefined,
      observe: (line, _, x) => line === 10 && states.push(x.read()),
      vjp: () => undefined,
      update: () => undefined,
    };
    const done = await trainStep(
      model,
      backend,
      state,
      batch,
      { ...options, ...(micro && { micro }) },
      watch,
    );
    const { m, v } = done.state.adam!;
    const { loss, gradNorm } = done.report;
    const found = new Map([['report', [loss, gradNorm]]]);
    for (const [path, leaf] of leaves({ m, v })) found.set(path, [...(await leaf.read())]);
    return { found, states: (await Promise.all(states)).flatMap((values) => [...values]) };
  };

  it('gives the gradient of one pass to rounding, from the same clips, timesteps and noise bit for bit', async () => {
    const whole = await taken();
    const { found, states } = await taken(1);
    expect(states).to.deep.equal(whole.states);
    for (const [path, values] of found)
      values.forEach((v, i) => {
        expect(v, path).to.be.closeTo(whole.found.get(path)![i], 1e-12);
      });
  });

  it('refuses passes that do not fill the batch', async () => {
    const error = await taken(2).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(RangeError);
    expect((error as Error).message).to.equal('micro: expected a divisor of 3 clips, got 2');
  });
});

describe('SeeClear (training stages): a step of each ablation', () => {
  for (const { name, what, overrides } of ablations)
    it(`${name}: ${what}`, async () => {
      const backend = new CpuBackend();
      const spec = leastModel(...overrides);
      const model = makeModel(spec);
      const { category } = spec.network.components;
      const stages = category ? stageNames : stageNames.slice(0, 1);
      let state = trainState(perturbed(model.draw(backend, 1), 1));
      for (const stage of stages) {
        const options = { seed: 1, frames, stage, lr: 1e-3, clipNorm: 1, emaDecay: 0.9 };
        const batch = stage === 'condenser' ? first : second;
        const done = await trainStep(model, backend, state, batch, options);
        expect(done.report.gradNorm, stage).to.be.above(0);
        state = done.state;
      }
    });
});
