/**
 * The two halves of a step of Adam (Kingma and Ba, 2015), each in one pass over a parameter:
 *
 *   moment   y = β a + (1 − β)(c g)^k          k = 1: mean m, k = 2: uncentred variance v
 *   update   y = x − rate · m / (√(grow · v) + ε)
 *
 * c is a scalar on the device, so that a gradient can be clipped by a norm that the host has not seen.
 */
import type { Kernel } from './kernel.js';
import { launchQuads } from './pointwise.js';
import { sameShapes, ShapeError, sizeOf } from './shape.js';
import { f32, wgsl } from './source.js';

export interface MomentParams {
  /** k */
  readonly power: 1 | 2;
  /** β, 0 ≤ β < 1 */
  readonly beta: number;
}

export interface UpdateParams {
  /** lr / (1 − β₁^t) */
  readonly rate: number;
  /** 1 / (1 − β₂^t) */
  readonly grow: number;
  /** ε */
  readonly eps: number;
}

const momentProgram = wgsl(import.meta.url, './adamMoment.wgsl');
const updateProgram = wgsl(import.meta.url, './adamUpdate.wgsl');

/** Inputs: a and g of one shape, c of one element. */
export const adamMoment: Kernel<MomentParams> = {
  name: 'adamMoment',
  outShape([a, g, c]) {
    if (sizeOf(c) !== 1) throw new ShapeError('adamMoment', 'a factor of one element', c);
    return sameShapes('adamMoment', a, g);
  },
  launch: ([a], { power, beta }) =>
    launchQuads(momentProgram, sizeOf(a), [power === 2 ? 1 : 0, f32(beta), f32(1 - beta)]),
  reference: ([a, g, [c]], _, { power, beta }) =>
    a.map((v, i) => beta * v + (1 - beta) * (c * g[i]) ** power),
  // c g, its square, both coefficients, both products, the sum.
  roundings: () => 8,
  errorScale: ([a, g, [c]], _, { power, beta }) =>
    a.map((v, i) => Math.abs(beta * v) + (1 - beta) * Math.abs(c * g[i]) ** power),
};

/** Inputs: x, m and v of one shape, v ≥ 0. */
export const adamUpdate: Kernel<UpdateParams> = {
  name: 'adamUpdate',
  outShape: ([x, m, v]) => sameShapes('adamUpdate', x, m, v),
  launch: ([x], { rate, grow, eps }) => launchQuads(updateProgram, sizeOf(x), [rate, grow, eps].map(f32)),
  reference: ([x, m, v], _, { rate, grow, eps }) =>
    x.map((value, i) => value - (rate * m[i]) / (Math.sqrt(grow * v[i]) + eps)),
  // WGSL lets √ and ÷ err by a few units each; then the products, three coefficients and the difference.
  roundings: () => 20,
  errorScale: ([x, m, v], _, { rate, grow, eps }) =>
    x.map((value, i) => Math.abs(value) + Math.abs((rate * m[i]) / (Math.sqrt(grow * v[i]) + eps))),
};
