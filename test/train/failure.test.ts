import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Backend,
  CpuBackend,
  DeviceError,
  leaves,
  mapTree,
  sizeOf,
  tensor,
} from '../../src/tensor/index.js';
import {
  type Batch,
  batchShapeAt,
  checkpointFile,
  DivergenceError,
  failureFile,
  firstNonFinite,
  loadCheckpoint,
  makeModel,
  modelSpec,
  type ModelSpec,
  type NonFinite,
  prepareBatch,
  type RunParts,
  showNonFinite,
  type StepRecord,
  type StepOptions,
  trainingClips,
  trainingRun,
  trainState,
  type TrainState,
} from '../../src/train/index.js';
import { exitCodeOf } from '../../src/cli/errors.js';
import { onGpu } from '../support/gpu.js';
import { gpuBackend } from '../support/kernelLaw.js';
import { leastModel } from './support/leastModel.js';
import { leastRun } from './support/leastRun.js';

const frames = 2;
const source = trainingClips('procedural', 1);
const batch = prepareBatch(source, 0, { clips: 1, frames, crop: 32 });
const options: StepOptions = { seed: 1, frames, stage: 'joint', lr: 1e-3, clipNorm: 1, emaDecay: 0.9 };

/** The state with one element of one tensor replaced. */
async function planted(state: TrainState, path: string, value: number): Promise<TrainState> {
  const [, leaf] = leaves(state.params).find(([name]) => name === path)!;
  const values = Float64Array.from(await leaf.read());
  values[1] = value;
  const spoiled = tensor(leaf.backend, leaf.shape, values);
  return { ...state, params: mapTree(state.params, (other) => (other === leaf ? spoiled : other)) };
}

async function where(
  spec: ModelSpec,
  backend: Backend,
  at: Partial<Batch>,
  change = (state: TrainState): Promise<TrainState> => Promise.resolve(state),
): Promise<NonFinite | undefined> {
  const model = makeModel(spec);
  const state = await change(trainState(model.draw(backend, 1)));
  return firstNonFinite(model, backend, state, { ...batch, ...at }, options);
}

/** The values with one of them replaced. */
const withOne = (values: Float32Array, at: number, value: number): Float32Array =>
  values.map((v, i) => (i === at ? value : v));

const FIRST = 'encoder.0.first.conv1.weight';
/** Comes before a convolution that starts as zero, so that the forward pass does not feel it. */
const BRANCH = 'encoder.0.first.shift.bias';
/** Starts as zero, so that no gradient gets through. */
const LAST = 'convOut.weight';

describe('a step that does not end in numbers', () => {
  const least = (
    at: Partial<Batch>,
    change?: (s: TrainState) => Promise<TrainState>,
  ): Promise<NonFinite | undefined> => where(leastModel(), new CpuBackend(), at, change);

  it('by a NaN in a parameter names it', async () => {
    const found = await least({}, (state) => planted(state, FIRST, NaN));
    expect(found).to.deep.equal({
      made: 'state', name: `params.${FIRST}`, shape: [4, 4, 3, 3], during: 'the steps before',
      element: 1, value: 'NaN', elements: 1,
    }); // prettier-ignore
  });

  it('by an infinite pixel says that it came from the host, and where it is', async () => {
    const found = await least({ hr: withOne(batch.hr, 7, -Infinity) });
    expect(found).to.deep.equal({
      made: 'upload', shape: [batch.hr.length], during: 'forward', before: '7 O',
      element: 7, value: '-Infinity', elements: 1,
    }); // prettier-ignore
    expect(showNonFinite(found!)).to.equal(
      'first not finite: upload, [6144], forward, on the way to line 7 O: element 7 is -Infinity, 1 of 6144 are not finite',
    );
  });

  it('by an overflow in the forward pass names kernel, module and the next line of Algorithm 1', async () => {
    const { shape, ...found } = (await least({}, (state) => planted(state, FIRST, 1e200)))!;
    expect(found).to.deep.equal({
      made: 'moments', during: 'forward', module: 'encoder.0.first.conv1', before: '17 fhat_1',
      element: 1, value: 'Infinity', elements: 2,
    }); // prettier-ignore
    expect(sizeOf(shape)).to.equal(8);
  });

  it('by an overflow in the backward pass alone names the op whose vjp it is, and its module', async () => {
    const { shape, made, during, module } = (await least({}, async (state) =>
      planted(await planted(state, BRANCH, 1e200), LAST, 1e140),
    ))!;
    expect([made, during, module]).to.deep.equal([
      'conv2dWeightGrad',
      'backward of conv2d',
      'encoder.0.first.conv2',
    ]);
    expect(sizeOf(shape)).to.equal(2 * 4 * 4 * 9); // of the two frames
  });

  it('by an overflow in the norm of the gradient says that all was well until the update', async () => {
    const { made, during, value } = (await least({}, async (state) =>
      planted(await planted(state, BRANCH, 1e200), LAST, 1),
    ))!;
    expect([made, during, value]).to.deep.equal(['square', 'update', 'Infinity']);
  });

  it('is not confused with one that ends in numbers', async () => {
    expect(await least({})).to.equal(undefined);
  });

  it(
    'by an overflow is explained on a device too',
    onGpu(async (opened) => {
      const found = await where(modelSpec('tiny'), gpuBackend(opened), {}, (state) =>
        planted(state, FIRST, 1e30),
      );
      expect([found?.made, found?.during, found?.module, found?.before]).to.deep.equal([
        'moments',
        'forward',
        'encoder.0.first.conv1',
        '17 fhat_1',
      ]);
    }),
  );
});

const stage = { steps: 3, lr: 1e-3, lrEnd: 1e-5 };
const config = leastRun({ condenser: stage, memory: stage, joint: stage });

/** A device that is lost when it is told so. */
class LostBackend extends CpuBackend {
  /** What the loss is noticed by. */
  lost: 'run' | 'read' | undefined;

  override run(...args: Parameters<CpuBackend['run']>): ReturnType<CpuBackend['run']> {
    if (this.lost === 'run') throw new DeviceError('the device is lost');
    return super.run(...args);
  }

  override read(...args: Parameters<CpuBackend['read']>): ReturnType<CpuBackend['read']> {
    return this.lost ? Promise.reject(new DeviceError('the device is lost')) : super.read(...args);
  }
}

describe('a run that fails', () => {
  let root: string;
  before(() => (root = mkdtempSync(join(tmpdir(), 'failure-'))));
  after(() => rmSync(root, { recursive: true }));

  const batchOf = (step: number): Batch => prepareBatch(source, step, batchShapeAt(config, step));
  const run = async (
    folder: string,
    more: Partial<RunParts> & { state?: TrainState },
  ): Promise<TrainState> => {
    const backend = more.backend ?? new CpuBackend();
    const model = makeModel((more.config ?? config).model);
    const { state = trainState(model.draw(backend, 7)), ...parts } = more;
    return trainingRun(
      {
        backend, model, config, folder, saveEvery: 2, batch: (step) => Promise.resolve(batchOf(step)),
        shouldStop: ({ step }) => step === 4, ...parts,
      },
      state,
    ); // prettier-ignore
  };
  const failureOf = async (work: Promise<unknown>): Promise<Error> =>
    work.then(
      () => expect.fail('it did not fail'),
      (error: unknown) => error as Error,
    );

  it('by an infinite pixel stops in that step, says where, keeps its checkpoint, and fails again when resumed', async () => {
    const folder = join(root, 'pixel');
    const spoiled = (step: number): Promise<Batch> => {
      const whole = batchOf(step);
      return Promise.resolve(step === 2 ? { ...whole, lr: withOne(whole.lr, 5, Infinity) } : whole);
    };
    const error = await failureOf(run(folder, { batch: spoiled }));
    expect(error).to.be.instanceOf(DivergenceError);
    const kept = `${checkpointFile(folder)} holds the first 2 steps, and --resume goes on from there`;
    expect(error.message).to.equal(
      `step 2: expected a finite loss, got NaN with gradient norm NaN; first not finite: upload, [384], forward, on the way to line 7 O: element 5 is Infinity, 1 of 384 are not finite; see ${failureFile(folder)}; ${kept}`,
    );
    expect(JSON.parse(readFileSync(failureFile(folder), 'utf8'))).to.deep.include({
      step: 2, seed: 7, stage: 'condenser', lr: 1e-5, loss: 'NaN', gradNorm: 'NaN',
      checkpoint: { file: checkpointFile(folder), steps: 2 }, replay: `seeclear train --out ${folder} --resume`,
    }); // prettier-ignore
    const checkpoint = loadCheckpoint(checkpointFile(folder));
    expect(checkpoint.step).to.equal(2);
    const backend = new CpuBackend();
    const resumed = (): TrainState => makeModel(config.model).restore(backend, checkpoint);
    const again = await failureOf(run(folder, { backend, batch: spoiled, state: resumed() }));
    expect(again.message).to.equal(error.message);
    expect((await run(folder, { backend, state: resumed() })).step).to.equal(4);
  }).timeout(240_000);

  it('by a learning rate that is too high says what overflows, and that there is no checkpoint', async () => {
    const high = { ...stage, lr: 1e200, lrEnd: 1e200 };
    const folder = join(root, 'rate');
    const error = await failureOf(
      run(folder, { config: { ...config, warmup: 0, stages: { ...config.stages, condenser: high } } }),
    );
    expect(error).to.be.instanceOf(DivergenceError);
    expect(error.message).to.match(
      /^step 1: .* got Infinity .*: square in convOut, \[2, 3, 32, 32\], forward: .*; there is no checkpoint yet$/,
    );
  });

  it('by a gradient that overflows in half precision at every loss scale says where, at a scale of 1', async () => {
    const folder = join(root, 'half');
    const drawn = trainState(makeModel(config.model).draw(new CpuBackend(), 7), 'f16');
    const state = await planted(await planted(drawn, BRANCH, 1e200), LAST, 1e140);
    const error = await failureOf(run(folder, { state: { ...state, lossScale: { scale: 4, steady: 0 } } }));
    expect(error).to.be.instanceOf(DivergenceError);
    const { first } = JSON.parse(readFileSync(failureFile(folder), 'utf8')) as { first: NonFinite };
    expect([first.made, first.during, first.module]).to.deep.equal([
      'conv2dWeightGrad',
      'backward of conv2d',
      'encoder.0.first.conv2',
    ]);
  });

  for (const lost of ['run', 'read'] as const)
    it(`by the loss of its device, noticed by a ${lost}, keeps its checkpoint and names it: status 4`, async () => {
      const folder = join(root, lost);
      const backend = new LostBackend();
      const onStep = ({ step }: StepRecord): void => {
        if (step === 3) backend.lost = lost;
      };
      const error = await failureOf(run(folder, { backend, onStep }));
      expect(exitCodeOf(error)).to.equal(4);
      expect(error.message).to.equal(
        `the device is lost; ${checkpointFile(folder)} holds the first 2 steps, and --resume goes on from there`,
      );
      expect(loadCheckpoint(checkpointFile(folder)).step).to.equal(2);
    });

  it('by the loss of its device while it saves keeps the checkpoint before', async () => {
    const folder = join(root, 'saving');
    const backend = new LostBackend();
    const onStep = ({ step }: StepRecord): void => {
      if (step === 4) backend.lost = 'read';
    };
    const error = await failureOf(run(folder, { backend, onStep }));
    expect(error.message).to.match(/^the device is lost; \S+ holds the first 2 steps, /);
    expect(loadCheckpoint(checkpointFile(folder)).step).to.equal(2);
  });
});
