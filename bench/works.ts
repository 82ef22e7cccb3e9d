import { conv2dForward, conv2dInputGrad, conv2dWeightGrad } from '../src/kernels/conv2d.js';
import { unaryForward } from '../src/kernels/elementwise.js';
import { chunkOf } from '../src/kernels/lanes.js';
import { lincomb } from '../src/kernels/lincomb.js';
import { matmul } from '../src/kernels/matmul.js';
import { moments } from '../src/kernels/moments.js';
import { move, type MoveAxis } from '../src/kernels/move.js';
import { normalize } from '../src/kernels/normalize.js';
import { stridesOf } from '../src/kernels/index.js';
import { softmaxForward } from '../src/kernels/softmax.js';
import { work, type Work } from './work.js';

const [plain, ta, tb] = [
  { ta: false, tb: false },
  { ta: true, tb: false },
  { ta: false, tb: true },
];

/**
 * What the first level of the preset `small` launches, the one that takes most of its time, and two squares.
 *
 * @param n frames
 * @param s side of the LR frames, a multiple of 4; the squares are of 16 s and 32 s
 */
export const works = (n: number, s: number): readonly Work[] => [
  ...pointwise(n, s),
  ...attention(n, s),
  ...convolution('conv 3x3 32 to 32', n, s, { from: 32, to: 32, groups: 1 }),
  ...convolution('depthwise 3x3 96', n, s, { from: 96, to: 96, groups: 96 }),
  ...oneByOne(n, s),
  ...[16 * s, 32 * s].map((m) => work(`matmul ${m}`, matmul, [[m, m], [m, m]], plain, 2 * m ** 3)), // prettier-ignore
];

/** The queries, keys and values of 32 channels: a convolution 1x1 as matrix products. */
function pointwise(n: number, s: number): Work[] {
  const [from, to, pixels] = [32, 96, s * s];
  const [w, x, g] = [[to, from], [n, from, pixels], [n, to, pixels]]; // prettier-ignore
  const flops = 2 * to * from * n * pixels;
  return [
    work('conv 1x1 32 to 96', matmul, [w, x], plain, flops),
    work('conv 1x1 32 to 96, input grad', matmul, [w, g], ta, flops),
    work('conv 1x1 32 to 96, weight grad', matmul, [g, x], tb, flops),
  ];
}

/** Windows of 4 x 4 pixels, two heads of 16 channels. */
function attention(n: number, s: number): Work[] {
  const [heads, d, p] = [2, 16, 16];
  const windows = (n * s * s) / p;
  const [q, a] = [[windows, heads, d, p], [windows, heads, p, p]]; // prettier-ignore
  const flops = 2 * windows * heads * p * p * d;
  return [
    work('window attention, scores', matmul, [q, q], ta, flops),
    work('window attention, softmax', softmaxForward, [a], undefined),
    work('window attention, values', matmul, [q, a], tb, flops),
  ];
}

function convolution(
  name: string,
  n: number,
  s: number,
  { from, to, groups }: { from: number; to: number; groups: number },
): Work[] {
  const [x, y, w] = [[n, from, s, s], [n, to, s, s], [to, from / groups, 3, 3]]; // prettier-ignore
  const params = { stride: 1, padding: 1, groups };
  const flops = 2 * n * s * s * to * (from / groups) * 9;
  const input = { ...params, height: s, width: s };
  const weight = { ...params, kernelHeight: 3, kernelWidth: 3 };
  return [
    work(name, conv2dForward, [x, w, [to]], params, flops),
    work(`${name}, input grad`, conv2dInputGrad, [y, w], input, flops),
    work(`${name}, weight grad`, conv2dWeightGrad, [y, x], weight, flops),
  ];
}

/** What reads and writes its elements and computes little: memory decides. */
function oneByOne(n: number, s: number): Work[] {
  const [c, groups] = [32, 8];
  const x = [n, c, s, s];
  const grouped = [n * groups, (c / groups) * s * s, 1];
  const cut = [n, c, s / 4, 4, s / 4, 4]; // into windows: [n, rows, columns, c, 4, 4]
  const axesOf = (shape: readonly number[], shifts: readonly number[]): MoveAxis[] =>
    shape.map((size, i) => ({ size, stride: stridesOf(shape)[i], shift: shifts[i] ?? 0, source: size }));
  const windows = [0, 2, 4, 1, 3, 5].map((i) => axesOf(cut, [])[i]);
  const rolled = axesOf(x, [0, 0, 2, 0]);
  return [
    work('group norm 8, moments', moments, [grouped], { chunk: chunkOf(grouped) }),
    work('group norm 8, normalize', normalize, [grouped, [n * groups, 1, 2, 1], [c], [c]], {
      span: s * s,
      eps: 1e-5,
    }),
    work('silu', unaryForward.silu, [x], undefined),
    work('lincomb of 2', lincomb, [x, x], { coefficients: [0.5, 2], bias: 0 }),
    work('move, into windows', move, [x], { axes: windows, edge: 'inside' }),
    work('move, cyclic shift', move, [x], { axes: rolled, edge: 'wrap' }),
  ];
}
