import {
  type Backend,
  conv2d,
  type Cost,
  free,
  grad,
  matmul,
  scale,
  scope,
  type Shape,
  sizeOf,
  sum,
  tensor,
  type Tensor,
  variable,
} from '../tensor/index.js';

/** How fast a device is. */
export interface Rates {
  /** seconds that a dispatch takes however little it does */
  readonly dispatch: number;
  /** bytes a second, read or written */
  readonly bytes: number;
  /** multiply-adds a second, of matrix products */
  readonly matmul: number;
  /** of convolutions, forward and backward */
  readonly conv: number;
}

/** Measurements of each kind; the fastest counts, since whatever disturbs makes it slower. */
const TIMES = 3;

/** Measures a device, in about two seconds on a slow one. */
export async function measureRates(backend: Backend): Promise<Rates> {
  const waves = (shape: Shape): Tensor =>
    tensor(
      backend,
      shape,
      Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i)),
    );
  const seconds = async (work: () => readonly Tensor[]): Promise<number> => {
    let best = Infinity;
    for (let i = 0; i <= TIMES; i++) {
      const start = performance.now();
      const result = scope(backend, work);
      await backend.sync();
      free(result);
      // The first time, pipelines are made.
      if (i > 0) best = Math.min(best, (performance.now() - start) / 1000);
    }
    return best;
  };
  // Each is half of the one before. All are kept: else they would be one dispatch (docs/adr/0012).
  const chain = (x: Tensor, n: number): Tensor[] => {
    const made = [scale(0.5, x)];
    while (made.length < n) made.push(scale(0.5, made[made.length - 1]));
    return made;
  };
  const [small, large] = [waves([16]), waves([2 ** 20])];
  const [square, frames, filters] = [waves([256, 256]), waves([4, 32, 32, 32]), waves([32, 32, 3, 3])];
  try {
    const dispatch = (await seconds(() => chain(small, 500))) / 500;
    const stream = (await seconds(() => chain(large, 10))) / 10;
    const product = (await seconds(() => [1, 2, 3, 4].map(() => matmul(square, square)))) / 4;
    const convolution = await seconds(() => {
      const [x, w] = [variable(frames), variable(filters)];
      return grad(sum(conv2d(x, w, undefined, { padding: 1 })), [x, w]);
    });
    return {
      dispatch,
      bytes: (8 * 2 ** 20) / Math.max(stream - dispatch, 1e-9),
      matmul: 256 ** 3 / Math.max(product - dispatch, 1e-9),
      conv: (2 * 4 * 32 ** 4 * 9) / Math.max(convolution - 8 * dispatch, 1e-9),
    };
  } finally {
    free([small, large, square, frames, filters]);
  }
}

/** Seconds that dispatches take at these rates, one after the other: each as long as its memory or its arithmetic. */
export const secondsOf = (costs: readonly Cost[], { dispatch, bytes, ...rates }: Rates): number =>
  costs.reduce((sum, cost) => {
    const products = cost.multiplyAdds / (cost.kernel === 'matmul' ? rates.matmul : rates.conv);
    return sum + dispatch + Math.max(cost.bytes / bytes, products);
  }, 0);
