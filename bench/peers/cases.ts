import {
  add,
  conv2d,
  gelu,
  layerNorm,
  matmul,
  mul,
  scale,
  sizeOf,
  softmax,
  sum,
  type Shape,
  type Tensor,
} from '../../src/tensor/index.js';
import { values } from '../../test/support/arbitraries.js';

export type OpName = 'matmul' | 'conv3x3' | 'softmax' | 'layerNorm' | 'gelu' | 'sum' | 'attention';

/** One computation that libraries are compared on. */
export interface Case {
  readonly name: string;
  readonly op: OpName;
  readonly shapes: readonly Shape[];
  /** Shape of the result. */
  readonly out: Shape;
  /** As a user of our library writes it. On the CPU backend, in float64, it is also the definition. */
  readonly forward: (...xs: Tensor[]) => Tensor;
  /** Additions and multiplications of the forward pass; undefined where they are not what takes the time. */
  readonly flops?: number;
}

const square = (m: number): Case => ({
  name: `matmul ${m}`,
  op: 'matmul',
  shapes: [[m, m], [m, m]], // prettier-ignore
  out: [m, m],
  forward: (a, b) => matmul(a, b),
  flops: 2 * m ** 3,
});

const batched = (batch: number, m: number): Case => ({
  name: `matmul ${batch} of ${m}`,
  op: 'matmul',
  shapes: [[batch, m, m], [batch, m, m]], // prettier-ignore
  out: [batch, m, m],
  forward: (a, b) => matmul(a, b),
  flops: 2 * batch * m ** 3,
});

/** 3 × 3, stride 1, padding 1, no bias: x [1, c, side, side]. */
const convolution = (c: number, side: number): Case => ({
  name: `conv 3x3 ${c} to ${c}, ${side}²`,
  op: 'conv3x3',
  shapes: [[1, c, side, side], [c, c, 3, 3]], // prettier-ignore
  out: [1, c, side, side],
  forward: (x, w) => conv2d(x, w, undefined, { padding: 1 }),
  flops: 2 * 9 * c * c * side * side,
});

/** softmax(q kᵀ / √d) v in each head of each window, all arrays [windows, heads, tokens, d]. */
const windowAttention = (windows: number, heads: number, tokens: number, d: number): Case => {
  const shape = [windows, heads, tokens, d];
  return {
    name: `attention ${windows} windows × ${heads} heads × ${tokens} × ${d}`,
    op: 'attention',
    shapes: [shape, shape, shape],
    out: shape,
    forward: (q, k, v) => matmul(softmax(scale(1 / Math.sqrt(d), matmul(q, k, { tb: true }))), v),
    flops: 4 * windows * heads * tokens * tokens * d,
  };
};

const rows = (n: number, c: number): Case[] => [
  { name: `softmax ${n} × ${c}`, op: 'softmax', shapes: [[n, c]], out: [n, c], forward: softmax },
  {
    name: `layer norm ${n} × ${c}`,
    op: 'layerNorm',
    shapes: [[n, c], [c], [c]],
    out: [n, c],
    forward: (x, gamma, beta) => layerNorm(x, gamma, beta, 1),
  },
];

const large = (n: number, c: number): Case[] => [
  {
    name: `gelu(x y + z) of ${n * c}`,
    op: 'gelu',
    shapes: [[n, c], [n, c], [n, c]], // prettier-ignore
    out: [n, c],
    forward: (x, y, z) => gelu(add(mul(x, y), z)),
  },
  { name: `sum of ${n * c}`, op: 'sum', shapes: [[n, c]], out: [], forward: (x) => sum(x) },
];

/** @param quick sizes that show that all of it works, and measure nothing */
export const cases = (quick: boolean): readonly Case[] =>
  quick
    ? [
        square(32),
        batched(2, 16),
        convolution(8, 16),
        ...rows(16, 32),
        ...large(16, 64),
        windowAttention(2, 2, 16, 8),
      ]
    : [
        ...[256, 512, 1024].map(square),
        batched(64, 64),
        convolution(64, 64),
        convolution(32, 128),
        ...rows(4096, 256),
        ...large(4096, 1024),
        windowAttention(64, 4, 64, 32),
      ];

/** The inputs of a case: seeded f32 values in [−0.5, 0.5], the same in every process. */
export const inputsOf = ({ shapes }: Case): Float32Array[] =>
  shapes.map((shape, i) => Float32Array.from(values(i + 1, sizeOf(shape), -0.5, 0.5)));

/** ∂L/∂y of the backward pass, likewise. */
export const cotangentOf = ({ out }: Case): Float32Array =>
  Float32Array.from(values(99, sizeOf(out), -0.5, 0.5));
