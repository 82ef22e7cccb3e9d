/** y = min(max(x, low), high), and its backward gx = g where low ≤ x ≤ high, 0 elsewhere. */
import type { Kernel } from './kernel.js';
import { pointwise } from './pointwise.js';
import { sameShapes } from './shape.js';

export interface ClampParams {
  readonly low: number;
  readonly high: number;
}

const forward = 'fn clamped(x: T, low: f32, high: f32) -> T { return min(max(x, T(low)), T(high)); }';
const backward = `fn clampedBackward(x: T, g: T, low: f32, high: f32) -> T {
  return select(T(), g, (x >= T(low)) & (x <= T(high)));
}`;

export const clampForward: Kernel<ClampParams> = {
  name: 'clamp',
  outShape: ([x]) => x,
  ...pointwise(({ low, high }) => ({ name: 'clamped', wgsl: forward, scalars: [low, high] })),
  reference: ([x], _, { low, high }) => x.map((v) => Math.min(Math.max(v, low), high)),
  roundings: () => 1, // the bounds themselves
};

export const clampBackward: Kernel<ClampParams> = {
  name: 'clampBackward',
  outShape: ([x, g]) => sameShapes('clampBackward', x, g),
  ...pointwise(({ low, high }) => ({ name: 'clampedBackward', wgsl: backward, scalars: [low, high] })),
  reference: ([x, g], _, { low, high }) => g.map((v, i) => (x[i] >= low && x[i] <= high ? v : 0)),
  roundings: () => 0,
};
