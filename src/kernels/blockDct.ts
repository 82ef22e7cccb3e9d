/**
 * The orthonormal DCT-II of each p × p block of the last two axes, x [.., h, w] → y [.., h, w], or its inverse:
 *
 *   y[k, l] = Σ_ij M[k, i] M[l, j] x[i, j]   with M = C, or Cᵀ for the inverse
 *   C[k, j] = √((k > 0 ? 2 : 1)/p) cos(π (2j + 1) k / 2p)
 *
 * The coefficient (k, l) of a block stands where its pixel (k, l) stood. C is orthogonal: the inverse is the adjoint.
 */
import type { Kernel } from './kernel.js';
import { ShapeError, sizeOf, type Shape } from './shape.js';
import { fold, memoized, uniforms, wgsl } from './source.js';

export interface BlockDctParams {
  /** Side of a block. */
  readonly p: number;
  readonly inverse: boolean;
}

/** C, p × p, row-major. */
export const dctMatrix = (p: number): Float64Array =>
  Float64Array.from({ length: p * p }, (_, i) => {
    const [k, j] = [Math.floor(i / p), i % p];
    return Math.sqrt((k > 0 ? 2 : 1) / p) * Math.cos((Math.PI * (2 * j + 1) * k) / (2 * p));
  });

/** M of the transform, p × p, row-major. */
function matrix({ p, inverse }: BlockDctParams): Float64Array {
  const c = dctMatrix(p);
  return inverse ? c.map((_, i) => c[(i % p) * p + Math.floor(i / p)]) : c;
}

const WG = 64;
const text = wgsl(import.meta.url, './blockDct.wgsl');

/** Rows of blocks are read as vec4 where that many make a row. */
const source = memoized((params: BlockDctParams) => {
  const { p } = params;
  const m = matrix(params);
  const unit = p % 4 === 0 ? 4 : 1;
  const [T, element] = unit === 4 ? ['vec4f', 'row[j / 4u][j % 4u]'] : ['f32', 'row[j]'];
  const column = (j: number): string => {
    const numbers = Array.from({ length: p }, (_, k) => Math.fround(m[k * p + j]));
    const elements = Array.from({ length: p / unit }, (_, q) => numbers.slice(q * unit, (q + 1) * unit));
    return `array(${elements.map((lanes) => `${T}(${lanes.join(', ')})`).join(', ')})`;
  };
  return `alias T = ${T};
const P = ${p}u;
const C = ${p / unit}u;
const COLUMNS = array(${Array.from({ length: p }, (_, j) => column(j)).join(',\n  ')});
fn element(row: array<T, C>, j: u32) -> f32 { return ${element}; }

${text}`;
});

/** Sums over (i, j) of a block, `term` for each, at each (k, l). */
function transformed(
  x: Float64Array,
  shape: Shape,
  params: BlockDctParams,
  term: (m: number, x: number) => number,
): Float64Array {
  const { p } = params;
  const m = matrix(params);
  const w = shape[shape.length - 1];
  const y = new Float64Array(x.length);
  for (let at = 0; at < y.length; at++) {
    const [row, column] = [Math.floor(at / w), at % w];
    const [k, l] = [row % p, column % p];
    const corner = (row - k) * w + column - l;
    for (let i = 0; i < p; i++)
      for (let j = 0; j < p; j++) y[at] += term(m[k * p + i] * m[l * p + j], x[corner + i * w + j]);
  }
  return y;
}

export const blockDct: Kernel<BlockDctParams> = {
  name: 'blockDct',
  outShape([x], { p }) {
    if (x.length < 2 || x.slice(-2).some((side) => side % p !== 0))
      throw new ShapeError('blockDct', `two last axes of blocks of ${p}`, x);
    return x;
  },
  launch([x], params) {
    const { p } = params;
    const count = sizeOf(x) / (p * p);
    return {
      wgsl: source(params),
      workgroups: fold(Math.ceil(count / WG)),
      constants: { WG },
      uniforms: uniforms(count, x[x.length - 1] / p),
    };
  },
  reference: ([x], [shape], params) => transformed(x, shape, params, (m, v) => m * v),
  // Along each axis one for the table, one for the product and p − 1 additions.
  roundings: (_, { p }) => 2 * (p + 1),
  errorScale: ([x], [shape], params) => transformed(x, shape, params, (m, v) => Math.abs(m * v)),
};
