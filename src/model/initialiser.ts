import { full, sizeOf, tensor, type Backend, type Shape, type Tensor } from '../tensor/index.js';

/**
 * First values of parameters. Each tensor's values depend on the seed and on the tensor's own path
 * (`encoder.0.first.conv1.weight`) alone, so a layer that is added or resized leaves all others as they were.
 */
export class Initialiser {
  /**
   * @param seed an integer, 0 … 2³² − 1
   * @param path where the tensors made here stand in the parameter tree
   */
  constructor(
    private readonly backend: Backend,
    private readonly seed: number,
    private readonly path = '',
  ) {
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
      throw new RangeError(`Initialiser: expected a seed in 0 ... 2^32 - 1, got ${seed}`);
  }

  /** The initialiser of the branch `key`. */
  at(key: string | number): Initialiser {
    return new Initialiser(this.backend, this.seed, `${this.path}.${key}`);
  }

  /** Gaussian values with mean 0 and the standard deviation `deviation`. */
  normal(shape: Shape, deviation: number): Tensor {
    const length = sizeOf(shape);
    if (this.backend.kind === 'plan') return tensor(this.backend, shape, { length });
    const uniform = uniforms(this.seed, this.path);
    const values = Float64Array.from({ length }, () => {
      const radius = Math.sqrt(-2 * Math.log(uniform())); // Box and Muller, 1958
      return deviation * radius * Math.cos(2 * Math.PI * uniform());
    });
    return tensor(this.backend, shape, values);
  }

  /** One value everywhere. */
  constant(shape: Shape, value: number): Tensor {
    return full(this.backend, shape, value);
  }
}

/** A sequence in (0, 1) for (seed, path): a counter, keyed by two hashes of both and scrambled twice. */
function uniforms(seed: number, path: string): () => number {
  const [inner, outer] = [mix(seed ^ hash(path, 0x811c9dc5)), mix(seed ^ hash(path, 0x9747b28c))];
  let i = 0;
  return () => (mix(mix(inner + i++) ^ outer) + 0.5) / 2 ** 32;
}

/** FNV-1a, over UTF-16 code units. */
function hash(text: string, basis: number): number {
  let h = basis;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

/** Murmur3's 32-bit finaliser, a bijection. */
function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
