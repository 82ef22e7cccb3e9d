/** Ten thousand steps of `tiny`: nothing grows, nothing slows down. About an hour on two cores of lavapipe. */
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { free } from '../../src/tensor/index.js';
import {
  BatchPool,
  batchShapeAt,
  makeModel,
  modelSpec,
  stageNames,
  type StepRecord,
  type TrainConfig,
  trainingRun,
  trainState,
} from '../../src/train/index.js';
import { onGpu } from '../support/gpu.js';
import { gpuBackend } from '../support/kernelLaw.js';

const STEPS = Number(process.env.SEECLEAR_LONG_STEPS ?? 10_000);
/** Steps between two looks. */
const EVERY = STEPS / 100;
/** Looks at a stage before everything is at its level: compiled, pooled, collected. */
const WARM = 5;

const third = Math.round(STEPS / 3);
const config: TrainConfig = {
  model: modelSpec('tiny'), data: 'procedural', seed: 11, batch: 1, frames: 2, crop: 32, warmup: 100, clipNorm: 1,
  emaDecay: 0.999, origins: {},
  stages: {
    condenser: { steps: STEPS - 2 * third, lr: 2e-4, lrEnd: 1e-5 },
    memory: { steps: third, lr: 5e-5, lrEnd: 1e-5 },
    joint: { steps: third, lr: 5e-5, lrEnd: 1e-5 },
  },
}; // prettier-ignore

interface Look extends Pick<StepRecord, 'step' | 'stage' | 'bytes' | 'reserved' | 'tensors'> {
  /** resident memory of the process, in MiB */
  readonly rss: number;
  /** processor time of a step, all threads, in ms: what it costs, whatever else the machine does */
  readonly cpu: number;
}

/** Least-squares slope of y over x. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (k: 0 | 1): number => points.reduce((sum, p) => sum + p[k], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  const over = (f: (x: number, y: number) => number): number =>
    points.reduce((sum, [x, y]) => sum + f(x - mx, y - my), 0);
  return over((x, y) => x * y) / over((x) => x * x);
}

describe(`training tiny for ${STEPS} steps`, () => {
  let root: string;
  before(() => (root = mkdtempSync(join(tmpdir(), 'long-'))));
  after(() => rmSync(root, { recursive: true }));

  it(
    'holds as many tensors, device bytes and resident bytes at the end as at the start, and is as fast',
    onGpu(async (opened) => {
      const backend = gpuBackend(opened);
      const model = makeModel(config.model);
      const source = { data: config.data, seed: config.seed, cacheBytes: 2 ** 26 };
      const pool = new BatchPool(source, (step) => batchShapeAt(config, step), 1);
      const looks: Look[] = [];
      let before = process.cpuUsage();
      const onStep = ({ step, stage, bytes, reserved, tensors }: StepRecord): void => {
        if (step % EVERY !== 0) return;
        const { user, system } = process.cpuUsage(before);
        before = process.cpuUsage();
        const rss = process.memoryUsage().rss / 2 ** 20;
        looks.push({ step, stage, tensors, bytes, reserved, rss, cpu: (user + system) / 1000 / EVERY });
        if (looks.length % 5 === 0) console.log(show(looks[looks.length - 1]));
      };
      console.log('    step  stage      tensors  live MiB  reserved MiB  resident MiB  processor ms/step');
      try {
        const run = { backend, model, config, folder: root, saveEvery: 1000, onStep };
        const state = await trainingRun(
          { ...run, batch: (step) => pool.batch(step) },
          trainState(model.draw(backend, config.seed)),
        );
        free(state);
      } finally {
        await pool.close();
      }
      const fits = stageNames.map((stage) => {
        const mine = looks.filter((look) => look.stage === stage).slice(WARM);
        const steps = mine[mine.length - 1].step - mine[0].step;
        const growth = (of: 'rss' | 'cpu'): number =>
          (steps * slope(mine.map((look) => [look.step, look[of]]))) / mine[0][of];
        const fit = { stage, mine, rss: growth('rss'), cpu: growth('cpu') };
        const percent = (x: number): string => `${x < 0 ? '' : '+'}${(100 * x).toFixed(1)} %`;
        console.log(
          `    ${stage}, fitted over its last ${steps} steps: resident ${percent(fit.rss)}, processor ${percent(fit.cpu)}`,
        );
        return fit;
      });
      for (const { stage, mine, cpu } of fits) {
        for (const of of ['tensors', 'bytes', 'reserved'] as const)
          expect(new Set(mine.map((look) => look[of])).size, `${of} in stage ${stage}`).to.equal(1);
        expect(cpu, `growth of the time of a step in stage ${stage}`).to.be.below(0.1);
      }
      // Each stage compiles kernels of its own, and V8's heap and malloc's are at their level only in the last one.
      expect(fits[fits.length - 1].rss, 'growth of resident memory in the last stage').to.be.below(0.05);
    }),
  ).timeout(0);
});

const show = ({ step, stage, tensors, bytes, reserved, rss, cpu }: Look): string =>
  [
    String(step).padStart(8),
    `  ${stage.padEnd(9)}`,
    String(tensors).padStart(9),
    (bytes / 2 ** 20).toFixed(2).padStart(10),
    (reserved / 2 ** 20).toFixed(2).padStart(14),
    rss.toFixed(1).padStart(14),
    cpu.toFixed(0).padStart(19),
  ].join('');
