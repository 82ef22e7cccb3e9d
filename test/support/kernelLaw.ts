import { expect } from 'chai';
import { sizeOf, type Backend, type Kernel, type Shape } from '../../src/kernels/index.js';
import type { OpenedDevice } from '../../src/kernels/runtime/device.js';
import { GpuBackend } from '../../src/kernels/runtime/gpuBackend.js';
import { expectRounded } from './close.js';

const backends = new WeakMap<OpenedDevice, Backend>();

/** The backend of a device that a test was lent; one per device. */
export function gpuBackend(opened: OpenedDevice): Backend {
  let backend = backends.get(opened);
  if (!backend) backends.set(opened, (backend = new GpuBackend(opened)));
  return backend;
}

/**
 * Checks that a kernel's WGSL computes what its reference does: on inputs rounded to f32,
 *
 *   |gpu − reference| ≤ roundings · 2⁻²⁴ · errorScale   at each element
 */
export async function kernelLaw<P>(
  opened: OpenedDevice,
  kernel: Kernel<P>,
  inputs: readonly Float64Array[],
  shapes: readonly Shape[],
  params: P,
): Promise<void> {
  const rounded = inputs.map((x) => x.map(Math.fround));
  const expected = kernel.reference(rounded, shapes, params);
  expect(expected.length, 'size of the reference').to.equal(sizeOf(kernel.outShape(shapes, params)));
  const scale = kernel.errorScale?.(rounded, shapes, params) ?? expected.map(Math.abs);
  const backend = gpuBackend(opened);
  const uploaded = rounded.map((x) => backend.upload(x));
  const output = backend.run(kernel, uploaded, shapes, params);
  const actual = await backend.read(output).catch((error: unknown) => {
    backends.delete(opened); // a backend that has failed stays failed
    throw error;
  });
  [...uploaded, output].forEach((storage) => backend.free(storage));
  expectRounded(actual, expected, kernel.roundings(shapes, params), scale);
}
