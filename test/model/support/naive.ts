/** Attention's ingredients written as loops over numbers, for comparison with the batched modules. */
import type { Shape, Tensor } from '../../../src/tensor/index.js';

/** A tensor on the host that is indexed by coordinates. */
export interface Grid {
  readonly shape: Shape;
  at(...coordinates: number[]): number;
}

export async function gridOf(x: Tensor): Promise<Grid> {
  const values = await x.read();
  const at = (...coordinates: number[]): number =>
    values[coordinates.reduce((index, c, axis) => index * x.shape[axis] + c, 0)];
  return { shape: x.shape, at };
}

/** γ (v − mean) / √(variance + 1e−5) + β of one pixel's channels. */
export function normalised(v: readonly number[], gamma: Grid, beta: Grid): number[] {
  const mean = v.reduce((a, b) => a + b, 0) / v.length;
  const variance = v.reduce((a, b) => a + (b - mean) ** 2, 0) / v.length;
  return v.map((x, c) => (gamma.at(c) * (x - mean)) / Math.sqrt(variance + 1e-5) + beta.at(c));
}

/** W v for a 1×1 convolution's weight [to, from, 1, 1]. */
export const linear = (v: readonly number[], weight: Grid): number[] =>
  Array.from({ length: weight.shape[0] }, (_, o) =>
    v.reduce((sum, x, i) => sum + weight.at(o, i, 0, 0) * x, 0),
  );

/** Weights that are proportional to exp(score) and add up to 1. */
export function softmaxOf(scores: readonly number[]): number[] {
  const exps = scores.map((s) => Math.exp(s - Math.max(...scores)));
  const total = exps.reduce((a, b) => a + b, 0);
  return exps.map((e) => e / total);
}

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i], 0);
