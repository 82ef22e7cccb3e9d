/**
 * Two arrays end to end along one axis, seen as [outer, a, inner] and [outer, b, inner] → [outer, a + b, inner].
 */
import type { Kernel } from './kernel.js';
import { ShapeError, sizeOf, type Shape } from './shape.js';
import { fold, uniforms, wgsl } from './source.js';
import { inRuns } from './strided.js';

export interface ConcatParams {
  readonly axis: number;
}

const WG = 256;
const source = wgsl(import.meta.url, './concat.wgsl');
const single = `alias T = f32;\n${source}`;
const quads = `alias T = vec4f;\n${source}`;

/** Elements of one outer step of an array: its size along the axis and all axes inside it. */
const run = (shape: Shape, axis: number): number => sizeOf(shape.slice(axis));

export const concat: Kernel<ConcatParams> = {
  name: 'concat',
  outShape([a, b], { axis }) {
    const fits = a.length === b.length && a.every((d, i) => i === axis || d === b[i]);
    if (!fits || axis < 0 || axis >= a.length)
      throw new ShapeError('concat', `shapes that differ only along axis ${axis}`, a, b);
    return a.map((d, i) => (i === axis ? d + b[i] : d));
  },
  launch([a, b], { axis }) {
    const [runA, runB] = [run(a, axis), run(b, axis)];
    const unit = runA % 4 === 0 && runB % 4 === 0 ? 4 : 1;
    const { row: count, count: step } = inRuns([(sizeOf(a) + sizeOf(b)) / unit]);
    return {
      wgsl: unit === 4 ? quads : single,
      workgroups: fold(Math.ceil(step / WG)),
      constants: { WG },
      uniforms: uniforms(count, step, runA / unit, runB / unit),
    };
  },
  reference([a, b], [sa, sb], { axis }) {
    const [ra, rb] = [run(sa, axis), run(sb, axis)];
    return Float64Array.from({ length: a.length + b.length }, (_, i) => {
      const outer = Math.floor(i / (ra + rb));
      const at = i % (ra + rb);
      return at < ra ? a[outer * ra + at] : b[outer * rb + at - ra];
    });
  },
  roundings: () => 0,
};
