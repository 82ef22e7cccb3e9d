/**
 * Matrix product, batched:  y[b] = op(a[b]) op(c[b]),  op(x) = x or xᵀ,  and with a bias β:
 *
 *   y[b, r, c] = Σ_k op(a[b])[r, k] op(c[b])[k, c] + β_r,  or  + β_c
 *
 * a is [..., m, k] ([..., k, m] if `ta`), c is [..., k, n] ([..., n, k] if `tb`). The batch axes of both must
 * agree, or one of them has none and serves all batches. β, the third input, is [m] or [n].
 *
 * Variants, by shape and device, see the table below. Software with subgroups of eight or more:
 *
 *   Wide    16 × 8 per invocation, two k at a time; eight of them share what they read of a; c row-major with n a
 *           multiple of 4, and 64 or from 128 on
 *   Long    the same with 16 × 2 and four k at a time; cᵀ row-major with k a multiple of 4
 *   Shared  the same with 16 × 4 or, for few columns, 16 × 2; any shape
 *
 * Hardware, products that are worth a tile; speed not measured:
 *
 *   Tiled   64 × 64 per workgroup, staged in workgroup memory
 *
 * Otherwise registers alone:
 *
 *   Outer   8 × 8 per invocation, one outer product per k; c row-major with n a multiple of 4
 *   Inner   8 × 8 dot products per invocation; a and cᵀ row-major with k a multiple of 4
 *   Plain   4 × 4 per invocation, element by element
 */
import type { ElementType } from './elementType.js';
import type { Kernel, Launch, Traits } from './kernel.js';
import { dims, sameShape, ShapeError, sizeOf, type Shape } from './shape.js';
import { fold, uniforms, wgsl, withInput } from './source.js';

export interface MatmulParams {
  readonly ta: boolean;
  readonly tb: boolean;
  /** How the product is stored; as the first factor if left out. */
  readonly type?: ElementType;
  /** What the bias has one number for; none if left out. */
  readonly bias?: 'row' | 'column';
}

interface Sizes {
  readonly batch: Shape;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** Elements from one batch of a (of b) to the next; 0 if it has no batch axes. */
  readonly stepA: number;
  readonly stepB: number;
}

function sizesOf(a: Shape, b: Shape, { ta, tb }: MatmulParams): Sizes {
  const [batchA, batchB] = [a.slice(0, -2), b.slice(0, -2)];
  const [m, ka] = ta ? [a.at(-1), a.at(-2)] : [a.at(-2), a.at(-1)];
  const [kb, n] = tb ? [b.at(-1), b.at(-2)] : [b.at(-2), b.at(-1)];
  const fits = batchA.length === 0 || batchB.length === 0 || sameShape(batchA, batchB);
  if (!fits || m === undefined || n === undefined || ka === undefined || ka !== kb)
    throw new ShapeError('matmul', `[…, m, k]${ta ? 'ᵀ' : ''} and […, k, n]${tb ? 'ᵀ' : ''}`, a, b);
  const batch = batchA.length > 0 ? batchA : batchB;
  return { batch, m, k: ka, n, stepA: batchA.length > 0 ? m * ka : 0, stepB: batchB.length > 0 ? ka * n : 0 };
}

interface Variant {
  readonly sources: Sources;
  /** Rows and columns of a tile of y. */
  readonly rows: number;
  readonly columns: number;
  /** How many tiles a workgroup takes. */
  readonly tiles: number;
  readonly suits: (sizes: Sizes, params: MatmulParams, traits: Traits) => boolean;
}

/** The uniform block of every variant, which `launch` fills. */
const PARAMS = `struct Params {
  tiles: u32, tilesDown: u32, tilesAcross: u32,
  m: u32, k: u32, n: u32,
  stepA: u32, stepB: u32,   // from batch to batch
  rowA: u32, kA: u32,       // strides of op(a)
  kB: u32, columnB: u32,    // strides of op(b)
}`;

/** What becomes of a sum before it is stored: biased for one column, biased4 for four, of which `quad` is the number. */
const epilogue = (plus: string, plus4: string): string => `
fn biased(sum: f32, row: u32, column: u32) -> f32 { return sum${plus}; }
fn biased4(sum: vec4f, row: u32, quad: u32) -> vec4f { return sum${plus4}; }`;

const epilogues = {
  none: epilogue('', ''),
  row: epilogue(' + bias[row]', ' + bias[row]'),
  column: epilogue(
    ' + bias[column]',
    ` + vec4f(${[0, 1, 2, 3].map((i) => `bias[4u * quad + ${i}u]`).join(', ')})`,
  ),
};

/** The text of a variant for each kind of bias. */
type Sources = Readonly<Record<keyof typeof epilogues, string>>;

/** @param before what stands in front of it: directives, constants */
function source(name: string, before = ''): Sources {
  const text = wgsl(import.meta.url, `./matmul${name}.wgsl`);
  const biased = withInput(text, 2, 'bias: array<f32>');
  const whole = (kind: keyof Sources, body: string): string =>
    [before, PARAMS, epilogues[kind], body].join('\n');
  return { none: whole('none', text), row: whole('row', biased), column: whole('column', biased) };
}

const SUBGROUPS = 'enable subgroups;';

/** Four k of a from a row-major a, and from a transposed one. */
const VECTOR = `alias A = vec4f;
fn four(row: u32, k: u32) -> vec4f { return a[row / 4u + k]; }`;
const ELEMENTS = `alias A = f32;
fn four(row: u32, k: u32) -> vec4f {
  let at = row + 4u * k * p.kA;
  return vec4f(a[at], a[at + p.kA], a[at + 2u * p.kA], a[at + 3u * p.kA]);
}`;

const long = (four: string): Sources => source('Long', `${SUBGROUPS}\n${four}`);

const shared = (columns: 2 | 4): Sources => source('Shared', `${SUBGROUPS}\nconst COLUMNS = ${columns}u;`);

/** Whether eight invocations share rows by shuffle: of use where memory is slow and arithmetic is not. */
const shares = ({ software, subgroupSize }: Traits): boolean => software && subgroupSize >= 8;

/** Whether tiles of 64 columns are full, or many. */
const fillsWide = ({ n }: Sizes): boolean => n % 4 === 0 && (n === 64 || n >= 128);

/** The first that suits is taken. */
// prettier-ignore
const variants: readonly Variant[] = [
  { sources: source('Wide', SUBGROUPS), rows: 16, columns: 64, tiles: 1,  suits: (sizes, { tb }, traits) => shares(traits) && !tb && fillsWide(sizes) },
  { sources: long(VECTOR),              rows: 16, columns: 16, tiles: 1,  suits: ({ k }, { ta, tb }, traits) => shares(traits) && !ta && tb && k % 4 === 0 },
  { sources: long(ELEMENTS),            rows: 16, columns: 16, tiles: 1,  suits: ({ k }, { tb }, traits) => shares(traits) && tb && k % 4 === 0 },
  { sources: shared(2),                 rows: 16, columns: 16, tiles: 1,  suits: ({ n }, _, traits) => shares(traits) && n <= 16 },
  { sources: shared(4),                 rows: 16, columns: 32, tiles: 1,  suits: (_, __, traits) => shares(traits) },
  { sources: source('Tiled'),           rows: 64, columns: 64, tiles: 1,  suits: ({ m, n }, _, { software }) => !software && m >= 32 && n >= 32 },
  { sources: source('Outer'),           rows: 8,  columns: 8,  tiles: 32, suits: ({ n }, { tb }) => !tb && n % 4 === 0 },
  { sources: source('Inner'),           rows: 8,  columns: 8,  tiles: 32, suits: ({ k }, { ta, tb }) => !ta && tb && k % 4 === 0 },
  { sources: source('Plain'),           rows: 4,  columns: 4,  tiles: 32, suits: () => true },
];

export const matmul: Kernel<MatmulParams> = {
  name: 'matmul',
  resultType: ([a], { type }) => type ?? a,
  outShape([a, b, bias], params) {
    const { batch, m, n } = sizesOf(a, b, params);
    if (params.bias) dims('matmul: bias', bias, 'size', { size: params.bias === 'row' ? m : n });
    return [...batch, m, n];
  },
  launch([a, b], params, traits): Launch {
    const sizes = sizesOf(a, b, params);
    const { batch, m, k, n, stepA, stepB } = sizes;
    const {
      sources,
      rows,
      columns,
      tiles: perGroup,
    } = variants.find(({ suits }) => suits(sizes, params, traits))!;
    const tilesDown = Math.ceil(m / rows);
    const tilesAcross = Math.ceil(n / columns);
    const tiles = sizeOf(batch) * tilesDown * tilesAcross;
    const strideA = params.ta ? [1, m] : [k, 1]; // from row to row of op(a), from k to k
    const strideB = params.tb ? [1, k] : [n, 1]; // from k to k, from column to column of op(b)
    return {
      wgsl: sources[params.bias ?? 'none'],
      workgroups: fold(Math.ceil(tiles / perGroup)),
      uniforms: uniforms(tiles, tilesDown, tilesAcross, m, k, n, stepA, stepB, ...strideA, ...strideB),
    };
  },
  reference: ([a, b, bias], [sa, sb], params) => product(a, b, bias, sizesOf(sa, sb, params), params),
  // k products and k − 1 sums, one after the other, and the bias.
  roundings: ([a, b], params) => sizesOf(a, b, params).k + (params.bias ? 2 : 1),
  multiplyAdds([a, b], params) {
    const { batch, m, k, n } = sizesOf(a, b, params);
    return sizeOf(batch) * m * k * n;
  },
  errorScale(inputs, [sa, sb], params) {
    const [a, b, bias] = inputs.map((x) => x.map(Math.abs));
    return product(a, b, bias, sizesOf(sa, sb, params), params);
  },
};

function product(
  a: Float64Array,
  b: Float64Array,
  beta: Float64Array,
  sizes: Sizes,
  { ta, tb, bias }: MatmulParams,
): Float64Array {
  const { batch, m, k, n, stepA, stepB } = sizes;
  const y = new Float64Array(sizeOf(batch) * m * n);
  for (let i = 0; i < y.length; i++) {
    const [row, column, at] = [Math.floor(i / n) % m, i % n, Math.floor(i / (m * n))];
    let sum = 0;
    for (let q = 0; q < k; q++) {
      const ia = at * stepA + (ta ? q * m + row : row * k + q);
      const ib = at * stepB + (tb ? column * k + q : q * n + column);
      sum += a[ia] * b[ib];
    }
    y[i] = bias ? sum + beta[bias === 'row' ? row : column] : sum;
  }
  return y;
}
