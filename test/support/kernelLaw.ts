import { expect } from 'chai';
import { cast } from '../../src/kernels/cast.js';
import { sizeOf, type Backend, type Kernel, type Shape } from '../../src/kernels/index.js';
import { resultType } from '../../src/kernels/kernel.js';
import { traitsOf, type OpenedDevice } from '../../src/kernels/runtime/device.js';
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
 *
 * Where the device has half precision, also the law on inputs and results of that: `halfLaw`.
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
  const { wgsl } = kernel.launch(shapes, params, traitsOf(opened));
  const times = inHalf.get(wgsl) ?? 0;
  if (!opened.features.includes('shader-f16') || inputs.length === 0 || times === MOST_IN_HALF) return;
  inHalf.set(wgsl, times + 1);
  await halfLaw(backend, kernel, rounded, shapes, params);
}

/** Half precision is a rewriting of the text: as many cases of each are enough. The rest is as in f32. */
const MOST_IN_HALF = 4;

/** In how many cases each text was checked. */
const inHalf = new Map<string, number>();

/** Unit in the last place of f16, relatively. WGSL lets a device round to either neighbour. */
const HALF_ULP = 2 ** -10;

/** The greatest f16; beyond it there is nothing to check. */
const HALF_MAX = 65504;

/** The smallest normal f16: a device may flush what is below to zero. */
const HALF_TINY = 2 ** -14;

/**
 * The same with inputs stored as f16, and the result too unless the kernel keeps it in f32. Arithmetic is in f32
 * still, so that all there is besides is the rounding of the result:
 *
 *   |gpu − reference| ≤ b + 2⁻¹⁰ (|reference| + b) + 2⁻¹⁴,   b = roundings · 2⁻²⁴ · errorScale
 */
async function halfLaw<P>(
  backend: Backend,
  kernel: Kernel<P>,
  inputs: readonly Float64Array[],
  shapes: readonly Shape[],
  params: P,
): Promise<void> {
  const type = 'f16';
  const wide = inputs.map((x) => backend.upload(x));
  const halves = wide.map((x, i) => backend.run(cast, [x], [shapes[i]], { type }));
  const output = backend.run(kernel, halves, shapes, params);
  const actual = await backend.read(output);
  const stored: Float64Array[] = [];
  for (const half of halves) stored.push(Float64Array.from(await backend.read(half)));
  [...wide, ...halves, output].forEach((storage) => backend.free(storage));

  const expected = kernel.reference(stored, shapes, params);
  const scale = kernel.errorScale?.(stored, shapes, params) ?? expected.map(Math.abs);
  const roundings = kernel.roundings(shapes, params);
  expect(output.type).to.equal(resultType(kernel, halves.map(() => type), params)); // prettier-ignore
  if (output.type === 'f32') {
    expectRounded(actual, expected, roundings, scale);
    return;
  }
  const bound = expected.map((y, i) => {
    const b = roundings * 2 ** -24 * scale[i];
    return b + HALF_ULP * (Math.abs(y) + b) + HALF_TINY;
  });
  const fits = (_: number, i: number): boolean => Math.abs(expected[i]) + bound[i] <= HALF_MAX;
  expectRounded(
    Float64Array.from(actual).filter(fits),
    expected.filter(fits),
    1,
    bound.filter(fits).map((b) => b * 2 ** 24),
  );
}
