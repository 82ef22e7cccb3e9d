import { CpuBackend, type Kernel, type Shape } from '../../src/kernels/index.js';
import { random } from '../../src/kernels/random.js';

type Storage = ReturnType<CpuBackend['upload']>;

/** Unit roundoff of f32. */
const U = 2 ** -24;

/** Random bits in a number of the `random` kernel's distribution `high`. */
const BITS = 16;

/**
 * A device that rounds at random. What is uploaded is rounded to f32, and each element of a kernel's result is off as
 * if each of the kernel's `roundings` were off by ±2⁻²⁴ · errorScale, independently of all others. Of r such steps the
 * sum has the standard deviation √r (Wilkinson's rule of thumb; Higham and Mary 2019), so
 *
 *   y = reference ± √roundings · 2⁻²⁴ · errorScale,   with a random sign for each element,
 *
 * which is within the law of the kernel (see `kernelLaw`). All else is float64, so that these errors alone are seen.
 */
export class PerturbingBackend extends CpuBackend {
  private runs = 0;

  /** @param seed of the signs, an unsigned 32-bit integer */
  constructor(private readonly seed: number) {
    super();
  }

  override upload(values: ArrayLike<number>): Storage {
    return super.upload(Float32Array.from(values));
  }

  override constant(key: object, values: () => ArrayLike<number>): Storage {
    return super.constant(key, () => Float32Array.from(values()));
  }

  override run<P>(
    kernel: Kernel<P>,
    inputs: readonly Storage[],
    shapes: readonly Shape[],
    params: P,
  ): Storage {
    const size = U * Math.sqrt(kernel.roundings(shapes, params));
    const stream = this.runs++;
    const reference = (arrays: readonly Float64Array[]): Float64Array => {
      const y = kernel.reference(arrays, shapes, params);
      if (size === 0) return y;
      const scale = kernel.errorScale?.(arrays, shapes, params) ?? y;
      const sign = signs(this.seed, stream, y.length);
      return y.map((v, i) => v + sign(i) * size * Math.abs(scale[i]));
    };
    return super.run({ ...kernel, reference }, inputs, shapes, params);
  }
}

/** i → ±1 for i < size, at random. */
function signs(seed: number, stream: number, size: number): (i: number) => number {
  const shape = [Math.ceil(size / BITS)];
  const words = random.reference([], [], { shape, distribution: 'high', seed, stream, offset: 0 });
  return (i) => ((words[Math.floor(i / BITS)] >> (i % BITS)) & 1 ? 1 : -1);
}
