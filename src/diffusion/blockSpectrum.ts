/**
 * The frequency domain of the diffusion: the orthonormal DCT-II on p × p blocks. A coefficient of frequency
 * (x, y), 0 ≤ x, y < p, sits where its block holds the pixel (x, y), so frames and spectra share one shape,
 * [n, c, h, w] with h and w multiples of p. White noise is white in either domain.
 */
import {
  blockDct,
  blockDctInverse,
  dims,
  mul,
  reshape,
  ShapeError,
  tensor,
  type Tensor,
} from '../tensor/index.js';

/** A diagonal matrix on spectra: one number per block frequency, the same for every block and channel. */
export interface Diagonal {
  /** Side of the block. */
  readonly p: number;
  /** p² numbers, row-major, float64 on the host. */
  readonly values: Float64Array;
}

/**
 * The diagonal matrix f(Λ), with Λ = −π² (x² + y²) / p² at frequency (x, y): the Laplace operator, whose
 * eigenfunctions on a block with insulated borders are the cosines of the DCT.
 *
 *   ∂u/∂t = Δu   on the block becomes   ∂u/∂t = Λ u   on its spectrum
 *
 * @eq SeeClear (21)
 */
export function diagonal(p: number, f: (laplacian: number) => number): Diagonal {
  const values = Float64Array.from({ length: p * p }, (_, i) => {
    const [y, x] = [Math.floor(i / p), i % p];
    return f((-(Math.PI ** 2) * (x * x + y * y)) / (p * p));
  });
  return { p, values };
}

/**
 * The spectrum of frames: u = Vᵀ I.
 *
 * @param frames [n, c, h, w], pixels; h and w multiples of p
 * @eq SeeClear (2)
 */
export const toSpectrum = (frames: Tensor, p: number): Tensor => blockDct(frames, p);

/** The frames of a spectrum: I = V u. */
export const toPixels = (u: Tensor, p: number): Tensor => blockDctInverse(u, p);

/**
 * diag(d) u.
 *
 * @param u spectrum [n, c, h, w]
 * @param d one diagonal for all items of the batch, or n, one for each
 * @throws ShapeError if the number of diagonals or the size of the frame does not fit
 */
export function multiply(u: Tensor, ...d: readonly Diagonal[]): Tensor {
  const { n, c, h, w } = dims('multiply: u', u.shape, 'n c h w');
  const [{ p }] = d;
  if ((d.length !== 1 && d.length !== n) || h % p !== 0 || w % p !== 0)
    throw new ShapeError(
      `multiply by ${d.length} diagonals`,
      `[n=1 or ${d.length}, c, k*${p}, l*${p}]`,
      u.shape,
    );
  const blocks = reshape(u, [n, (c * h) / p, p, w / p, p]);
  const factors = tensor(
    u.backend,
    [d.length, 1, p, 1, p],
    d.flatMap(({ values }) => [...values]),
  );
  return reshape(mul(blocks, factors), u.shape);
}
