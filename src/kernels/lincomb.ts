/**
 * Linear combination of one to four arrays of one shape, and a constant:
 *
 *   y = b + Σ_i c_i x_i
 *
 * Most of a sampler and of an optimiser is made of this; as one pass it reads each array once.
 */
import { launchQuads, sameShapes } from './elementwise.js';
import type { Kernel } from './kernel.js';
import { ShapeError, sizeOf } from './shape.js';
import { f32 } from './source.js';

export interface LincombParams {
  readonly coefficients: readonly number[];
  /** The constant b. */
  readonly bias: number;
}

const MOST = 4;

const program = (terms: number): string => {
  const each = Array.from({ length: terms }, (_, i) => i);
  return `
override WG: u32 = 256u;
struct Params { quads: u32, b: f32, ${each.map((i) => `c${i}: f32`).join(', ')} }

${each.map((i) => `@group(0) @binding(${i}) var<storage, read> x${i}: array<vec4f>;`).join('\n')}
@group(0) @binding(${terms}) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(${terms + 1}) var<uniform> p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let i = (group.x + group.y * groups.x) * WG + local;
  if (i >= p.quads) { return; }
  y[i] = p.b + ${each.map((i) => `p.c${i} * x${i}[i]`).join(' + ')};
}
`;
};

const programs = Array.from({ length: MOST }, (_, i) => program(i + 1));

export const lincomb: Kernel<LincombParams> = {
  name: 'lincomb',
  outShape(shapes, { coefficients }) {
    if (shapes.length !== coefficients.length || shapes.length === 0 || shapes.length > MOST)
      throw new ShapeError('lincomb', `1 to ${MOST} terms with a coefficient each`, ...shapes);
    return sameShapes('lincomb', shapes[0], ...shapes.slice(1));
  },
  launch: ([x], { coefficients, bias }) =>
    launchQuads(programs[coefficients.length - 1], sizeOf(x), [bias, ...coefficients].map(f32)),
  reference: (xs, _, { coefficients, bias }) =>
    xs[0].map((_x, i) => xs.reduce((sum, x, k) => sum + coefficients[k] * x[i], bias)),
  // Each coefficient is rounded to f32, each product and each sum once more.
  roundings: (xs) => 2 + xs.length,
  errorScale: (xs, _, { coefficients, bias }) =>
    xs[0].map((_x, i) => xs.reduce((sum, x, k) => sum + Math.abs(coefficients[k] * x[i]), Math.abs(bias))),
};
