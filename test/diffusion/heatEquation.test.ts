/** The blur against other solutions of the heat equation. */
import { expect } from 'chai';
import fc from 'fast-check';
import {
  blur,
  blurringMarginal,
  defaultDiffusion,
  diagonal,
  makeSchedule,
  multiply,
  type Schedule,
  toPixels,
  toSpectrum,
} from '../../src/diffusion/index.js';
import { sum, tensor, type Tensor } from '../../src/tensor/index.js';
import { expectClose } from './close.js';
import { cpu, white } from './setting.js';

/** A process that has run for a time τ after one step. */
const after = (tau: number, p: number): Schedule => ({ T: 1, eta: [0, 0.5], tau: [0, tau], kappa: 1, p });

/** Frames after a time τ, by the blur of the diffusion. */
const blurred = (x: Tensor, tau: number, p: number): Tensor =>
  toPixels(multiply(toSpectrum(x, p), blur(1, after(tau, p))), p);

/** The cosines whose samples at the pixel centres are the block x, as a function of the plane. */
async function interpolation(x: Tensor, p: number): Promise<(y: number, x: number) => number> {
  const u = await toSpectrum(x, p).read();
  const norm = (k: number): number => Math.sqrt((k === 0 ? 1 : 2) / p);
  return (y, x) => {
    let value = 0;
    for (let a = 0; a < p; a++)
      for (let b = 0; b < p; b++)
        value +=
          u[a * p + b] *
          norm(a) *
          norm(b) *
          Math.cos((Math.PI * a * y) / p) *
          Math.cos((Math.PI * b * x) / p);
    return value;
  };
}

const pixels = (p: number, f: (y: number, x: number) => number): Float64Array =>
  Float64Array.from({ length: p * p }, (_, i) => f(Math.floor(i / p) + 0.5, (i % p) + 0.5));

/**
 * ∂u/∂t = Δu on a block with insulated borders, ∂u/∂n = 0: explicit Euler, five-point Laplacian, r × r cells to a
 * pixel. Both errors are of order r⁻².
 *
 * @returns the values at the pixel centres; r must be odd, so that each is the centre of a cell
 */
function finiteDifferences(
  u0: (y: number, x: number) => number,
  p: number,
  tau: number,
  r: number,
): number[] {
  const n = p * r;
  const steps = Math.ceil(tau * 12 * r * r);
  const c = (tau / steps) * r * r;
  let u = Float64Array.from({ length: n * n }, (_, i) =>
    u0((Math.floor(i / n) + 0.5) / r, ((i % n) + 0.5) / r),
  );
  for (let step = 0; step < steps; step++)
    u = u.map((v, i) => {
      const [y, x] = [Math.floor(i / n), i % n];
      const up = y > 0 ? u[i - n] : v;
      const down = y < n - 1 ? u[i + n] : v;
      const left = x > 0 ? u[i - 1] : v;
      const right = x < n - 1 ? u[i + 1] : v;
      return v + c * (up + down + left + right - 4 * v);
    });
  return Array.from(pixels(p, (y, x) => u[Math.floor(y * r) * n + Math.floor(x * r)]));
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (v, i) => Math.abs(v - b[i])));

describe('SeeClear (21): heat equation', () => {
  it('is what the blur solves: finite differences converge to it, with the square of the cell', async () => {
    for (const [p, tau] of [
      [4, 0.3],
      [4, 1],
      [3, 0.5],
    ]) {
      const x = white([1, 1, p, p], 5);
      const [want, start] = [await blurred(x, tau, p).read(), await interpolation(x, p)];
      const [coarse, fine] = [5, 15].map((r) => largest(finiteDifferences(start, p, tau, r), want));
      expect(fine).to.be.lessThan(2e-3).and.greaterThan(0);
      expect(coarse / fine).to.be.within(8, 10); // 9 = (15/5)², and terms of order r⁻⁴
    }
  });

  it('runs on the spectrum as ∂u/∂t = Λu', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 2, 4, 8),
        fc.integer({ min: 1, max: 8 }).map((k) => k / 8),
        async (p, tau) => {
          const h = 1e-4;
          const at = (tau: number): Float64Array => blur(1, after(tau, p)).values;
          const [later, earlier, now] = [at(tau + h), at(tau - h), at(tau)];
          const { values: laplacian } = diagonal(p, (L) => L);
          await expectClose(
            later.map((v, i) => (v - earlier[i]) / (2 * h)),
            now.map((v, i) => laplacian[i] * v),
            1e-5,
          );
        },
      ),
    ));

  it('is a semigroup, keeps the mean of a block, and obeys the maximum principle', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(2, 4, 8),
        fc.integer({ min: 1, max: 40 }).map((k) => k / 20),
        fc.nat(2 ** 32 - 1),
        async (p, tau, seed) => {
          const x = white([1, 1, p, p], seed);
          const y = blurred(x, tau, p);
          await expectClose(blurred(blurred(x, tau / 3, p), (2 * tau) / 3, p), y);
          await expectClose(sum(y), sum(x), 1e-11);
          // For the interpolation between the pixels, that is: its extremes may lie between them.
          const f = await interpolation(x, p);
          const dense = Array.from({ length: 64 * p * p }, (_, i) =>
            f((Math.floor(i / (8 * p)) + 0.5) / 8, ((i % (8 * p)) + 0.5) / 8),
          );
          const [low, high] = [Math.min(...dense) - 0.1, Math.max(...dense) + 0.1];
          for (const v of Array.from(await y.read())) expect(v).to.be.within(low, high);
        },
      ),
      { numRuns: 15 },
    ));
});

describe('SeeClear (22): blur by a Gaussian', () => {
  /** ∫∫ g(a) g(b) f(y − a, x − b) da db, by a sum that is exact to rounding for cosines under a Gaussian. */
  const convolved = (f: (y: number, x: number) => number, sigma: number): typeof f => {
    const h = sigma / 3;
    const taps = Array.from({ length: 55 }, (_, i) => (i - 27) * h);
    const g = taps.map((a) => (h / (sigma * Math.sqrt(2 * Math.PI))) * Math.exp(-(a * a) / (2 * sigma ** 2)));
    return (y, x) =>
      taps.reduce((s, a, i) => s + g[i] * taps.reduce((s, b, j) => s + g[j] * f(y - a, x - b), 0), 0);
  };

  it('is the blur of the mirrored block, of variance σ² = 2τ', async () => {
    for (const [p, tau] of [
      [4, 0.125],
      [4, 1],
      [2, 0.4],
    ]) {
      const x = white([1, 1, p, p], 6);
      const f = convolved(await interpolation(x, p), Math.sqrt(2 * tau));
      await expectClose(blurred(x, tau, p), pixels(p, f), 1e-11);
    }
  });

  it('has the times that the schedule gives it: τ = 1 at the end, for σ_B² = 2', () => {
    const { tau, T } = makeSchedule(defaultDiffusion);
    expect(2 * tau[T]).to.be.closeTo(2, 1e-12);
    expect(Math.sqrt(2 * tau[1])).to.be.closeTo(0.5, 1e-12);
  });

  it('is that of the plane between the pixels: a kernel of sampled Gaussians blurs less at first', () => {
    const [tau, omega] = [0.125, (3 * Math.PI) / 4]; // σ_B = 0.5, the highest frequency of p = 4
    const taps = [-3, -2, -1, 0, 1, 2, 3].map((n) => ({ n, g: Math.exp((-n * n) / (4 * tau)) }));
    const sampled =
      taps.reduce((s, { n, g }) => s + g * Math.cos(omega * n), 0) / taps.reduce((s, { g }) => s + g, 0);
    expect(blur(1, after(tau, 4)).values[3]).to.be.closeTo(0.4996, 1e-4);
    expect(sampled).to.be.closeTo(0.636, 1e-4);
  });
});

describe('SeeClear (1): IHDM as a limit', () => {
  const p = 16;
  const x = white([1, 1, p, p], 7);

  it('is heat dissipation of the whole frame, if the block is the frame, as κ goes to 0', async () => {
    const { T, eta, tau } = makeSchedule({ ...defaultDiffusion, p });
    const u0 = toSpectrum(x, p);
    for (const t of [1, 8, T]) {
      const f = await interpolation(x, p);
      const s: Schedule = { T, eta, tau, kappa: 1e-6, p };
      const { mean, variance } = blurringMarginal(u0, t, s);
      expect(variance).to.be.within(0, 1e-12);
      const fine = finiteDifferences(f, p, tau[t], 3);
      const error = largest(await toPixels(mean, p).read(), fine);
      const effect = largest(await toPixels(mean, p).read(), await x.read());
      expect(error).to.be.lessThan(0.06 * effect);
    }
  });

  it('carries heat across blocks, where patches do not', async () => {
    const spot = tensor(cpu, [1, 1, p, p], new Float64Array(p * p).fill(0).fill(1, 0, 4)); // in the first block
    const outside = (y: ArrayLike<number>): number => Math.abs(y[4]) + Math.abs(y[5]);
    expect(outside(await blurred(spot, 1, p).read())).to.be.greaterThan(0.1);
    expect(outside(await blurred(spot, 1, 4).read())).to.equal(0);
  });
});
