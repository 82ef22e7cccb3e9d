import { sizeOf, type Backend, type Kernel, type Shape, type Storage } from '../src/kernels/index.js';
import type { OpenedDevice } from '../src/kernels/runtime/device.js';
import { values } from '../test/support/arbitraries.js';
import { kernelLaw } from '../test/support/kernelLaw.js';

/** One kernel at one size. */
export interface Work {
  readonly name: string;
  readonly shapes: readonly Shape[];
  /** Additions and multiplications; undefined where they are not what takes the time. */
  readonly flops: number | undefined;
  /** Bytes of all inputs and of the output: what has to be moved at least. */
  readonly bytes: number;
  run(backend: Backend, inputs: readonly Storage[]): Storage;
  /** Compares the device's result with the reference's. @throws AssertionError if they differ */
  check(opened: OpenedDevice): Promise<void>;
}

/** Seeded values for inputs of these shapes. Above zero, because variances are among them. */
export const inputsOf = ({ shapes }: Pick<Work, 'shapes'>): Float64Array[] =>
  shapes.map((shape, i) => values(i + 1, sizeOf(shape), 0.1, 2));

export function work<P>(
  name: string,
  kernel: Kernel<P>,
  shapes: readonly Shape[],
  params: P,
  flops?: number,
): Work {
  const sizes = [...shapes, kernel.outShape(shapes, params)].map(sizeOf);
  return {
    name,
    shapes,
    flops,
    bytes: 4 * sizes.reduce((a, b) => a + b, 0),
    run: (backend, inputs) => backend.run(kernel, inputs, shapes, params),
    check: (opened) => kernelLaw(opened, kernel, inputsOf({ shapes }), shapes, params),
  };
}

/** Runs a piece of work on a backend, as often as it is told. Every result is kept: an op without one is not run. */
export function runner(backend: Backend, work: Work): (repeats: number) => Promise<void> {
  const inputs = inputsOf(work).map((x) => backend.upload(x));
  return async (repeats) => {
    const outputs = backend.scope(
      () => Array.from({ length: repeats }, () => work.run(backend, inputs)),
      (all) => all,
    );
    await backend.sync();
    outputs.forEach((output) => backend.free(output));
  };
}
