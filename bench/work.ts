import { sizeOf, type Backend, type Kernel, type Shape, type Storage } from '../src/kernels/index.js';
import { unary, type Unary } from '../src/kernels/elementwise.js';
import { traitsOf, type OpenedDevice } from '../src/kernels/runtime/device.js';
import { values } from '../test/support/arbitraries.js';
import { gpuBackend, kernelLaw } from '../test/support/kernelLaw.js';
import { bytesOf, flopsOf } from './flops.js';
import { milliseconds, time, type Timing } from './harness.js';
import type { Peak } from './peak.js';
import { smaller } from './smaller.js';

/** One kernel at one size. */
export interface Work<P = unknown> {
  readonly name: string;
  readonly kernel: Kernel<P>;
  readonly shapes: readonly Shape[];
  readonly params: P;
  /** Numbers for an input that must be what it is, such as indices; undefined for those that are drawn. */
  readonly fixed?: readonly (ArrayLike<number> | undefined)[];
}

export const work = <P>(
  name: string,
  kernel: Kernel<P>,
  shapes: readonly Shape[],
  params: P,
  fixed?: Work['fixed'],
): Work => ({ name, kernel, shapes, params, ...(fixed && { fixed }) });

/** Times in ms. GFLOP/s and GB/s are in units of 10⁹ a second; each input and output counts once. */
export interface WorkRow extends Timing {
  readonly name: string;
  /** The first call, compilation included unless an earlier row has compiled the same variant. */
  readonly first: number;
  readonly gflops?: number;
  readonly gbytes: number;
  /** Of the time that the peaks of the device would take for the same additions and multiplications, or bytes. */
  readonly ofPeak: number;
}

/**
 * Checks a kernel against its reference, within the rounding bound that it states, then times it.
 *
 * @throws AssertionError if the device computes something else
 */
export async function measure(
  opened: OpenedDevice,
  work: Work,
  peak: Peak,
  quick: boolean,
): Promise<WorkRow> {
  const { name, kernel, shapes, params } = work;
  const backend = gpuBackend(opened);
  const run = runner(backend, work);
  const first = await milliseconds(() => run(1));
  const checked = smaller(kernel, shapes, params, traitsOf(opened));
  await kernelLaw(opened, kernel, inputsOf({ ...work, ...checked }), checked.shapes, checked.params);
  const timing = await time(run, quick ? 3 : 15);
  run.close();
  const [flops, bytes] = [flopsOf(kernel, shapes, params), bytesOf(kernel, shapes, params)];
  const perSecond = (count: number): number => count / timing.median / 1e6;
  return {
    name,
    first,
    ...timing,
    ...(flops !== undefined && { gflops: perSecond(flops) }),
    gbytes: perSecond(bytes),
    ofPeak: leastTime(flops, bytes, peak) / timing.median,
  };
}

/** Milliseconds that the device needs at least: for the arithmetic, or for moving the bytes. */
export const leastTime = (flops: number | undefined, bytes: number, { gflops, gbytes }: Peak): number =>
  Math.max((flops ?? 0) / gflops, bytes / gbytes) / 1e6;

/** Seeded values; above zero, because variances are among them, unless the function wants others. */
function inputsOf({ kernel, shapes, fixed }: Work): Float64Array[] {
  const functions: Partial<Record<string, Unary>> = unary;
  const [low, high] = functions[kernel.name.replace(/Backward$/, '')]?.domain ?? [0.1, 2];
  return shapes.map((shape, i) => {
    const given = fixed?.[i];
    return given ? Float64Array.from(given) : values(i + 1, sizeOf(shape), low, high);
  });
}

/** Runs a piece of work as often as it is told. Every result is kept: an op without one is not run. */
function runner(backend: Backend, work: Work): { (repeats: number): Promise<void>; close: () => void } {
  const { kernel, shapes, params } = work;
  const inputs: Storage[] = inputsOf(work).map((x) => backend.upload(x));
  const run = async (repeats: number): Promise<void> => {
    const outputs = backend.scope(
      () => Array.from({ length: repeats }, () => backend.run(kernel, inputs, shapes, params)),
      (all) => all,
    );
    await backend.sync();
    outputs.forEach((output) => backend.free(output));
  };
  return Object.assign(run, {
    close: () => {
      inputs.forEach((input) => backend.free(input));
    },
  });
}
