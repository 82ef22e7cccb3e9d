import type { Kernel } from '../src/kernels/index.js';
import type { Backend, Shape } from '../src/tensor/index.js';
import { type Batch, makeModel, modelSpec, trainState, trainStep } from '../src/train/index.js';
import { CountingBackend } from '../test/model/support/countingBackend.js';
import { bytesOf, flopsOf } from './flops.js';
import type { Peak } from './peak.js';
import { leastTime, work, type Work } from './work.js';

type Storage = ReturnType<Backend['upload']>;

/** A kernel that the model launches, at one size. */
export interface Launched extends Work {
  /** How often in one training step. */
  readonly count: number;
}

/** Follows a computation by its shapes alone, and keeps which kernels it would launch. */
class LaunchRecorder extends CountingBackend {
  readonly launches = new Map<string, { work: Work; count: number }>();
  private readonly known = new WeakMap<Storage, ArrayLike<number>>();

  constructor(override readonly largestTensor: number) {
    super();
  }

  override constant(key: object, values: () => ArrayLike<number>): Storage {
    const numbers = values();
    const storage = super.constant(key, () => numbers);
    this.known.set(storage, numbers);
    return storage;
  }

  override run<P>(
    kernel: Kernel<P>,
    inputs: readonly Storage[],
    shapes: readonly Shape[],
    params: P,
  ): Storage {
    const key = JSON.stringify([kernel.name, shapes, params]);
    const seen = this.launches.get(key);
    if (seen) seen.count++;
    else {
      const fixed = inputs.map((input) => this.known.get(input));
      this.launches.set(key, {
        work: work(nameOf(kernel, shapes, params), kernel, shapes, params, fixed),
        count: 1,
      });
    }
    return super.run(kernel, inputs, shapes, params);
  }
}

/** Which model, and the clips that it trains on: one of five frames, and the one before it. */
export interface ModelShape {
  readonly preset: 'small' | 'paper';
  /** side of the HR crop in pixels: what `train` takes by default, and what the paper takes */
  readonly crop: number;
}

export const modelShapes: readonly ModelShape[] = [
  { preset: 'small', crop: 128 },
  { preset: 'paper', crop: 256 },
];

const FRAMES = 5;

/** All kernels of one step of joint training, forward and backward, with the optimiser. */
export async function launchesOf({ preset, crop }: ModelShape, largestTensor: number): Promise<Launched[]> {
  const recorder = new LaunchRecorder(largestTensor);
  const model = makeModel(modelSpec(preset));
  const state = trainState(model.draw(recorder, 0));
  recorder.launches.clear();
  const blank = (side: number): Float32Array => new Float32Array(FRAMES * 3 * side * side);
  const clip: Batch = { hr: blank(crop), upscaled: blank(crop), lr: blank(crop / 4), n: FRAMES, size: crop };
  await trainStep(
    model,
    recorder,
    state,
    { ...clip, previous: clip },
    {
      seed: 0,
      frames: FRAMES,
      stage: 'joint',
      lr: 1e-4,
      clipNorm: 1,
      emaDecay: 0.999,
    },
  );
  return [...recorder.launches.values()].map(({ work, count }) => ({ ...work, count }));
}

/** The launches that would take most of the step's time on a device that reached its peaks, and what part that is. */
export function heaviest(
  launches: readonly Launched[],
  peak: Peak,
  most: number,
): { chosen: Launched[]; part: number } {
  const least = ({ kernel, shapes, params, count }: Launched): number =>
    count * leastTime(flopsOf(kernel, shapes, params), bytesOf(kernel, shapes, params), peak);
  const chosen = launches.toSorted((a, b) => least(b) - least(a)).slice(0, most);
  const total = (some: readonly Launched[]): number => some.reduce((sum, launch) => sum + least(launch), 0);
  return { chosen, part: total(chosen) / total(launches) };
}

/** Parameters that say something about speed. */
const SHOWN = new Set(['ta', 'tb', 'stride', 'groups', 'chunk', 'k']);

/** `conv2d [5, 170, 32, 32] · [170, 1, 3, 3] · [170], groups 170` */
function nameOf<P>(kernel: Kernel<P>, shapes: readonly Shape[], params: P): string {
  const list = (shape: Shape): string => `[${shape.join(', ')}]`;
  const inputs = shapes.map(list).join(' · ');
  if (kernel.name === 'move') return `move ${inputs} to ${list(kernel.outShape(shapes, params))}`;
  const settings = Object.entries((params ?? {}) as Record<string, number | boolean>)
    .filter(([name, value]) => SHOWN.has(name) && value !== false && value !== 1)
    .map(([name, value]) => (value === true ? name : `${name} ${value}`));
  return [`${kernel.name} ${inputs}`, ...settings].join(', ');
}
