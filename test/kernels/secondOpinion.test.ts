/** Our ops against gpu.js, which others wrote: each formula once more, as that library wants it. */
import fc from 'fast-check';
import {
  blur,
  charbonnier,
  defaultDiffusion,
  makeSchedule,
  multiply,
  posterior,
  type PosteriorForm,
  toPixels,
  toSpectrum,
} from '../../src/diffusion/index.js';
import {
  blockDct,
  conv2d,
  CpuBackend,
  matmul,
  sizeOf,
  tensor,
  type Backend,
  type Shape,
  type Tensor,
} from '../../src/tensor/index.js';
import { seed, size, values } from '../support/arbitraries.js';
import { expectRounded } from '../support/close.js';
import { onGpu } from '../support/gpu.js';
import { compile, type Compiled, type Thread } from '../support/gpujs.js';
import { gpuBackend } from '../support/kernelLaw.js';

/** One function of some arrays, by both libraries. */
interface Comparison {
  readonly shapes: readonly Shape[];
  readonly ours: (...inputs: Tensor[]) => Tensor;
  readonly theirs: Compiled;
  /** Σ|terms| of each output element. */
  readonly scale: (...inputs: Float64Array[]) => ArrayLike<number>;
  /** Of ours in float32, on the longest path. */
  readonly roundings: number;
}

const ofMagnitudes =
  (f: Compiled): Comparison['scale'] =>
  (...inputs) =>
    f(...inputs.map((x) => x.map(Math.abs)));

/** y[r, c] = Σ_q a[r, q] b[q, c] */
function productAt(this: Thread<{ k: number; n: number }>, a: Float32Array, b: Float32Array): number {
  const row = Math.floor(this.thread.x / this.constants.n);
  const column = this.thread.x % this.constants.n;
  let sum = 0;
  for (let q = 0; q < this.constants.k; q++)
    sum += a[row * this.constants.k + q] * b[q * this.constants.n + column];
  return sum;
}

const products = fc
  .record({ m: size(20), k: size(12), n: fc.oneof(size(20), fc.constant(128)) })
  .map(({ m, k, n }): Comparison => {
    const theirs = compile(productAt, { k, n }, m * n);
    return {
      shapes: [
        [m, k],
        [k, n],
      ],
      ours: (a, b) => matmul(a, b),
      theirs,
      scale: ofMagnitudes(theirs),
      roundings: k + 1,
    };
  });

/** y[o, r, c] = Σ_{i, u, v} f[o, i, u, v] x[i, r + u − 1, c + v − 1], x zero outside */
function convolutionAt(
  this: Thread<{ ci: number; h: number; w: number }>,
  x: Float32Array,
  f: Float32Array,
): number {
  const h = this.constants.h;
  const w = this.constants.w;
  const column = this.thread.x % w;
  const row = Math.floor(this.thread.x / w) % h;
  const o = Math.floor(this.thread.x / (w * h));
  let sum = 0;
  for (let i = 0; i < this.constants.ci; i++)
    for (let u = 0; u < 3; u++)
      for (let v = 0; v < 3; v++) {
        const r = row + u - 1;
        const c = column + v - 1;
        if (r >= 0 && r < h && c >= 0 && c < w)
          sum += f[((o * this.constants.ci + i) * 3 + u) * 3 + v] * x[(i * h + r) * w + c];
      }
  return sum;
}

const convolutions = fc
  .record({ ci: size(6), co: size(6), h: size(9), w: size(12) })
  .map(({ ci, co, h, w }): Comparison => {
    const theirs = compile(convolutionAt, { ci, h, w }, co * h * w);
    const ours = (x: Tensor, f: Tensor): Tensor => conv2d(x, f, undefined, { padding: 1 });
    const shapes = [
      [1, ci, h, w],
      [co, ci, 3, 3],
    ];
    return { shapes, ours, theirs, scale: ofMagnitudes(theirs), roundings: 9 * ci + 1 };
  });

/** In each 4 × 4 block: y[k, l] = ½ s_k s_l Σ_{i, j} x[i, j] cos(π (2i + 1) k / 8) cos(π (2j + 1) l / 8), s_0 = √½, else 1 */
function cosinesAt(this: Thread<{ w: number }>, x: Float32Array): number {
  const w = this.constants.w;
  const row = Math.floor(this.thread.x / w);
  const column = this.thread.x % w;
  const k = row % 4;
  const l = column % 4;
  let sum = 0;
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++)
      sum +=
        x[(row - k + i) * w + column - l + j] *
        Math.cos((Math.PI * (2 * i + 1) * k) / 8) *
        Math.cos((Math.PI * (2 * j + 1) * l) / 8);
  if (k === 0) sum *= Math.SQRT1_2;
  if (l === 0) sum *= Math.SQRT1_2;
  return sum / 2;
}

const cosines = fc
  .record({ n: size(3), rows: fc.integer({ min: 1, max: 4 }), columns: fc.integer({ min: 1, max: 4 }) })
  .map(({ n, rows, columns }): Comparison => {
    const shape = [n, 4 * rows, 4 * columns];
    const theirs = compile(cosinesAt, { w: 4 * columns }, sizeOf(shape));
    // 16 terms of a basis within ±1/2 and |x| ≤ 2; two passes of a rounded table, 4 products and their sum.
    const scale = (x: Float64Array): Float64Array => x.map(() => 16);
    return { shapes: [shape], ours: (x) => blockDct(x, 4), theirs, scale, roundings: 2 * (1 + 4 + 1) };
  });

/** y = √((a − b)² + ε²), ε = 10⁻³ */
function charbonnierAt(this: Thread<Record<string, never>>, a: Float32Array, b: Float32Array): number {
  const d = a[this.thread.x] - b[this.thread.x];
  return Math.sqrt(d * d + 1e-6);
}

const loss = size(40).map((n): Comparison => {
  const each = compile(charbonnierAt, {}, n);
  const theirs: Compiled = (a, b) => [each(a, b).reduce((sum, v) => sum + v, 0) / n];
  // The difference, its square, ε² and its sum, halved by the root; the root; the sum over n, and 1/n.
  return { shapes: [[n], [n]], ours: charbonnier, theirs, scale: theirs, roundings: 12 + n + 2 };
});

const process = makeSchedule(defaultDiffusion);
const step = fc.integer({ min: 1, max: process.T });
const spectra = fc.record({ n: size(2), c: size(3), rows: size(3), columns: size(4) });

/**
 * Heat in a 4 × 4 block after a time τ, without a transform: y[r, c] = Σ_{i, j} H(r, i) H(c, j) x[i, j], with the heat
 * kernel of an insulated rod, H(r, i) = ¼ + ½ Σ_{k = 1 … 3} e^{−π²k²τ/16} cos(π (2r + 1) k / 8) cos(π (2i + 1) k / 8)
 */
function heatAt(this: Thread<{ w: number; tau: number }>, x: Float32Array): number {
  const w = this.constants.w;
  const row = Math.floor(this.thread.x / w);
  const column = this.thread.x % w;
  const r = row % 4;
  const c = column % 4;
  let sum = 0;
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++) {
      let down = 0.25;
      let across = 0.25;
      for (let k = 1; k < 4; k++) {
        const decay = 0.5 * Math.exp((-Math.PI * Math.PI * k * k * this.constants.tau) / 16);
        const angle = (Math.PI * k) / 8;
        down += decay * Math.cos(angle * (2 * r + 1)) * Math.cos(angle * (2 * i + 1));
        across += decay * Math.cos(angle * (2 * c + 1)) * Math.cos(angle * (2 * j + 1));
      }
      sum += down * across * x[(row - r + i) * w + column - c + j];
    }
  return sum;
}

const heat = fc.tuple(spectra, step).map(([{ n, c, rows, columns }, t]): Comparison => {
  const shape = [n, c, 4 * rows, 4 * columns];
  const theirs = compile(heatAt, { w: 4 * columns, tau: process.tau[t] }, sizeOf(shape));
  // As for the cosines, there and back; a rounded factor of D and its product between.
  return {
    shapes: [shape],
    ours: (x) => toPixels(multiply(toSpectrum(x, 4), blur(t, process)), 4),
    theirs,
    scale: (x) => x.map(() => 64),
    roundings: 2 * 2 * (1 + 4 + 1) + 2,
  };
});

/**
 * (34) by Bayes' rule on the numbers of one coefficient, precisions and all; v is the variance that a step adds, over κ².
 * `kind` 0: the exact v, η_t − λ² η_{t−1}; 1: the printed one, η_t − η_{t−1}; 2: that, and the sign of E1.
 */
function posteriorAt(
  this: Thread<{ w: number; eta: number; before: number; tau: number; tauBefore: number; kind: number }>,
  ut: Float32Array,
  u0: Float32Array,
  ul: Float32Array,
): number {
  const w = this.constants.w;
  const eta = this.constants.eta;
  const before = this.constants.before;
  const y = Math.floor(this.thread.x / w) % 4;
  const x = (this.thread.x % w) % 4;
  const laplacian = (-Math.PI * Math.PI * (x * x + y * y)) / 16;
  const D = Math.exp(laplacian * this.constants.tauBefore);
  const lambda = ((1 - eta) * Math.exp(laplacian * this.constants.tau)) / ((1 - before) * D);
  let v = eta - before;
  if (this.constants.kind === 0) v = eta - lambda * lambda * before;
  const forward = (lambda * lambda) / v;
  const l = ul[this.thread.x];
  const seen = (ut[this.thread.x] - eta * l) / lambda + before * l;
  const prior = (1 - before) * D * u0[this.thread.x] + before * l;
  let mean = (forward * seen + prior / before) / (forward + 1 / before);
  if (this.constants.kind === 2) mean -= (2 * l) / (forward + 1 / before);
  return mean;
}

const posteriors = fc
  .tuple(spectra, fc.integer({ min: 2, max: process.T }), fc.constantFrom(0, 1, 2))
  .map(([{ n, c, rows, columns }, t, kind]): Comparison => {
    const form = (['corrected', 'sign-corrected', 'as-printed'] as const satisfies PosteriorForm[])[kind];
    const shape = [n, c, 4 * rows, 4 * columns];
    const [eta, before] = [process.eta[t], process.eta[t - 1]];
    const [tau, tauBefore] = [process.tau[t], process.tau[t - 1]];
    const constants = { w: 4 * columns, eta, before, tau, tauBefore, kind };
    // Three rounded coefficients of at most 2, times |u| ≤ 2, their products and their sum.
    return {
      shapes: [shape, shape, shape],
      ours: (ut, u0, ul) => posterior(ut, u0, ul, t, process, form).mean,
      theirs: compile(posteriorAt, constants, sizeOf(shape)),
      scale: (x) => x.map(() => 12),
      roundings: 1 + 1 + 3,
    };
  });

async function compare(
  backend: Backend,
  comparison: Comparison,
  s: number,
  roundings: number,
): Promise<void> {
  const { shapes, ours, theirs, scale } = comparison;
  const inputs = shapes.map((shape, i) => values(s + i, sizeOf(shape)));
  const y = await ours(...inputs.map((x, i) => tensor(backend, shapes[i], x))).read();
  expectRounded(y, theirs(...inputs), roundings, scale(...inputs));
}

describe('a second opinion, by gpu.js, agrees on', () => {
  const cpu = new CpuBackend();
  for (const [name, drawn] of Object.entries({
    'the matrix product': products,
    'the convolution': convolutions,
    'the block DCT': cosines,
    'the Charbonnier loss': loss,
    'the blur of blocks, by the heat kernel': heat,
    'the posterior of three forms, by precisions': posteriors,
  })) {
    it(`${name}, in float64, but for the rounding of its own result to f32`, () =>
      fc.assert(
        fc.asyncProperty(drawn, seed, (comparison, s) => compare(cpu, comparison, s, 1)),
        { numRuns: 20 },
      ));

    it(
      `${name}, on the device`,
      onGpu((opened) =>
        fc.assert(
          fc.asyncProperty(drawn, seed, (comparison, s) =>
            compare(gpuBackend(opened), comparison, s, comparison.roundings + 1),
          ),
          { numRuns: 20 },
        ),
      ),
    );
  }
});
