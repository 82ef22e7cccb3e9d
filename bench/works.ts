import { adamMoment, adamUpdate } from '../src/kernels/adam.js';
import { axisMap } from '../src/kernels/axisMap.js';
import { binary } from '../src/kernels/binary.js';
import { blockDct } from '../src/kernels/blockDct.js';
import { cast } from '../src/kernels/cast.js';
import { clampBackward, clampForward } from '../src/kernels/clamp.js';
import { concat } from '../src/kernels/concat.js';
import { conv2dForward, conv2dInputGrad, conv2dWeightGrad } from '../src/kernels/conv2d.js';
import { unaryBackward, unaryForward } from '../src/kernels/elementwise.js';
import { haarForward, haarInverse } from '../src/kernels/haar.js';
import { stridesOf } from '../src/kernels/index.js';
import { l2NormalizeBackward, l2NormalizeForward } from '../src/kernels/l2Normalize.js';
import { chunkOf } from '../src/kernels/lanes.js';
import { lincomb } from '../src/kernels/lincomb.js';
import { matmul } from '../src/kernels/matmul.js';
import { reduceMax, reduceMaxBackward } from '../src/kernels/max.js';
import { moments, momentsMerge } from '../src/kernels/moments.js';
import { move, type MoveAxis } from '../src/kernels/move.js';
import {
  normalize,
  normalizeBackward,
  normalizeSiluBackward,
  normalizeSums,
} from '../src/kernels/normalize.js';
import { normalizeGammaGrad } from '../src/kernels/normalizeGammaGrad.js';
import { pack } from '../src/kernels/pack.js';
import { random } from '../src/kernels/random.js';
import { reduceSum } from '../src/kernels/reduce.js';
import { resizeTable } from '../src/kernels/resizeTable.js';
import { softmaxBackward, softmaxForward } from '../src/kernels/softmax.js';
import { topK } from '../src/kernels/topK.js';
import {
  windowAttention,
  windowAttentionKeys,
  windowAttentionQueries,
} from '../src/kernels/windowAttention.js';
import { work, type Work } from './work.js';

const [plain, ta, tb] = [
  { ta: false, tb: false },
  { ta: true, tb: false },
  { ta: false, tb: true },
];

/**
 * Every kernel there is, at sizes of the first level of the preset `small`, the one that takes most of its time, and
 * three square matrices.
 *
 * @param n frames
 * @param s side of the LR frames, a multiple of 8; the squares are of 8 s, 16 s and 32 s
 */
export const works = (n: number, s: number): readonly Work[] => [
  ...pointwise(n, s),
  ...attention(n, s),
  ...convolution('conv 3x3 32 to 32', n, s, { from: 32, to: 32, groups: 1 }),
  ...convolution('conv 3x3 96, depthwise', n, s, { from: 96, to: 96, groups: 96 }),
  ...convolution('conv 3x3 32 to 32, stride 2', n, s, { from: 32, to: 32, groups: 1, stride: 2 }),
  ...norms(n, s),
  ...reductions(n, s),
  ...moving(n, s),
  ...oneByOne(n, s),
  ...[8 * s, 16 * s, 32 * s].map((m) => work(`matmul ${m}`, matmul, [[m, m], [m, m]], plain)), // prettier-ignore
];

/** The queries, keys and values of 32 channels: a convolution 1x1 as matrix products. */
function pointwise(n: number, s: number): Work[] {
  const [from, to, pixels] = [32, 96, s * s];
  const [w, x, g] = [[to, from], [n, from, pixels], [n, to, pixels]]; // prettier-ignore
  return [
    work('conv 1x1 32 to 96', matmul, [w, x], plain),
    work('conv 1x1 32 to 96, input grad', matmul, [w, g], ta),
    work('conv 1x1 32 to 96, weight grad', matmul, [g, x], tb),
  ];
}

/** Two heads of 16 channels in windows of 4 x 4 pixels; and step by step, as between pixels and 16 tokens. */
function attention(n: number, s: number): Work[] {
  const [heads, d, p] = [2, 16, 16];
  const params = { heads, size: 4, shift: 2, frames: 1 };
  const [qkv, bias, y, logs] = [[n, 3 * heads * d, s, s], [heads, p, p], [n, heads * d, s, s], [n, heads, s, s]]; // prettier-ignore
  const state = [qkv, bias, logs, logs, y];
  const count = (n * s * s) / p;
  const [q, a] = [[count, heads, d, p], [count, heads, p, p]]; // prettier-ignore
  return [
    work('window attention', windowAttention, [qkv, bias], params),
    work('window attention, grads of queries and biases', windowAttentionQueries, state, params),
    work('window attention, grads of keys and values', windowAttentionKeys, state, params),
    work('attention, scores', matmul, [q, q], ta),
    work('attention, softmax', softmaxForward, [a], undefined),
    work('attention, softmax backward', softmaxBackward, [a, a], undefined),
    work('attention, values', matmul, [q, a], tb),
  ];
}

function convolution(
  name: string,
  n: number,
  s: number,
  { from, to, groups, stride = 1 }: { from: number; to: number; groups: number; stride?: number },
): Work[] {
  const side = s / stride;
  const [x, y, w] = [[n, from, s, s], [n, to, side, side], [to, from / groups, 3, 3]]; // prettier-ignore
  const params = { stride, padding: 1, groups };
  const weight = { ...params, kernelHeight: 3, kernelWidth: 3 };
  return [
    work(name, conv2dForward, [x, w, [to]], params),
    work(`${name}, input grad`, conv2dInputGrad, [y, w], { ...params, height: s, width: s }),
    work(`${name}, weight grad`, conv2dWeightGrad, [y, x], weight),
  ];
}

function norms(n: number, s: number): Work[] {
  const [c, groups] = [32, 8];
  const of = (name: string, x: readonly number[], span: number): Work[] => {
    const [outer, , inner] = x;
    const stats = [outer, 1, 2, inner];
    const chunk = chunkOf(x);
    const params = { span, eps: 1e-5 };
    const merged = { chunk: 256, len: 1024 };
    return [
      work(`${name}, moments`, moments, [x], { chunk }),
      work(`${name}, merging moments`, momentsMerge, [[outer, 4, 2, inner]], merged),
      work(`${name}, normalize`, normalize, [x, stats, [c], [c]], params),
      work(`${name}, silu's gradient`, normalizeSiluBackward, [x, stats, [c], [c], x], params),
      work(`${name}, γ's gradient`, normalizeGammaGrad, [x, stats, x], {
        ...params,
        channels: c,
        chunk: chunkOf([n * c, span, 1]),
      }),
      work(`${name}, sums of the backward pass`, normalizeSums, [x, stats, [c], x], { ...params, chunk }),
      work(`${name}, backward`, normalizeBackward, [x, stats, [c], x, stats], params),
    ];
  };
  const rows = [n * s * s, c];
  return [
    ...of('group norm 8', [n * groups, (c / groups) * s * s, 1], s * s),
    ...of('layer norm over channels', [n, c, s * s], s * s),
    work('l2Normalize', l2NormalizeForward, [rows], undefined),
    work('l2Normalize, backward', l2NormalizeBackward, [rows, rows], undefined),
  ];
}

function reductions(n: number, s: number): Work[] {
  const rows = [n * s * s, 32];
  const all = [1, 1, n * s * s * 32, 1];
  const pixels = [1, n * 32, s * s, 1];
  return [
    work('sum of everything, first pass', reduceSum, [all], { chunk: chunkOf(all.slice(1)) }),
    work('sum over pixels', reduceSum, [pixels], { chunk: chunkOf(pixels.slice(1)) }),
    work('sum over frames', reduceSum, [[n, 1, 1, 32 * s * s]], { chunk: 1 }),
    work('max over channels', reduceMax, [rows], undefined),
    work('max over channels, backward', reduceMaxBackward, [rows, [n * s * s]], undefined),
    work('top 8 of 16', topK, [[n * s, 16]], { k: 8 }),
  ];
}

/** What moves numbers, or mixes a few of them. */
function moving(n: number, s: number): Work[] {
  const c = 32;
  const x = [n, c, s, s];
  const cut = [n, c, s / 4, 4, s / 4, 4]; // into windows: [n, rows, columns, c, 4, 4]
  const axesOf = (shape: readonly number[], shifts: readonly number[]): MoveAxis[] =>
    shape.map((size, i) => ({ size, stride: stridesOf(shape)[i], shift: shifts[i] ?? 0, source: size }));
  const partition = [0, 2, 4, 1, 3, 5].map((i) => axesOf(cut, [])[i]);
  const padded = axesOf(x, [0, 0, -1, -1]).map((axis, i) =>
    i < 2 ? axis : { ...axis, size: axis.size + 2 },
  );
  const repeated = x.map((size) => ({ size, stride: 0, shift: 0, source: size }));
  const { rows, taps, indices, weights } = resizeTable(s, s / 4);
  const table = [rows, taps];
  const flat = c * s * s;
  return [
    work('move, into windows', move, [x], { axes: partition, edge: 'inside' }),
    work('move, cyclic shift', move, [x], { axes: axesOf(x, [0, 0, 2, 0]), edge: 'wrap' }),
    work('move, padding by zeros', move, [x], { axes: padded, edge: 'zero' }),
    work('move, repeating one element', move, [[1]], { axes: repeated, edge: 'inside' }),
    work('concat of channels', concat, [x, x], { axis: 1 }),
    work('pack of 7', pack, Array.from({ length: 7 }, (_, i) => [flat + i]), { type: 'f32' }), // prettier-ignore
    work('bicubic, to a quarter, one axis', axisMap, [[n * c, s, s], table, table], undefined, [
      undefined,
      indices,
      weights,
    ]),
    work('block DCT of 4', blockDct, [x], { p: 4, inverse: false }),
    work('haar', haarForward, [x], undefined),
    work('haar, inverse', haarInverse, [[n, 4 * c, s / 2, s / 2]], undefined),
    ...(['uniform', 'normal', 'high', 'low'] as const).map((distribution) =>
      work(`random, ${distribution}`, random, [], { shape: x, distribution, seed: 1, stream: 2, offset: 0 }),
    ),
  ];
}

/** What treats elements one by one. */
function oneByOne(n: number, s: number): Work[] {
  const c = 32;
  const x = [n, c, s, s];
  return [
    ...Object.values(unaryForward).map((kernel) => work(kernel.name, kernel, [x], undefined)),
    ...Object.values(unaryBackward).map((kernel) => work(kernel.name, kernel, [x, x, x], undefined)),
    ...Object.values(binary).map((kernel) => work(kernel.name, kernel, [x, x], undefined)),
    work('add of a bias', binary.add, [x, [c, 1, 1]], undefined),
    work('lincomb of 2', lincomb, [x, x], { coefficients: [0.5, 2], bias: 0 }),
    work('lincomb of 4', lincomb, [x, x, x, x], { coefficients: [0.5, 2, -1, 0.25], bias: 1 }),
    work('cast', cast, [x], { type: 'f32' }),
    work('clamp', clampForward, [x], { low: 0.5, high: 1.5 }),
    work('clamp, backward', clampBackward, [x, x], { low: 0.5, high: 1.5 }),
    work('adam, first moment', adamMoment, [x, x, [1]], { power: 1, beta: 0.9 }),
    work('adam, second moment', adamMoment, [x, x, [1]], { power: 2, beta: 0.999 }),
    work('adam, update', adamUpdate, [x, x, x], { rate: 1e-3, grow: 1.5, eps: 1e-8 }),
  ];
}
