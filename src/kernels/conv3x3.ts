/**
 * The 3 × 3 convolutions of stride 1 and padding 1 in which the network lives: launches of the WGSL variants.
 * Columns come in fours, so the width must be a multiple of 4.
 */
import type { ConvSizes } from './conv2d.js';
import type { Launch, Traits } from './kernel.js';
import { fold, uniforms } from './source.js';
import { conv3x3Source, conv3x3WeightGradSource } from './conv3x3Source.js';
import { depthwise3x3Source, depthwise3x3WeightGradSource } from './depthwise3x3Source.js';

const WG = 32;

/** The gradient by x is a convolution of g with the kernel turned by 180°, channels in and out exchanged. */
export type Direction = 'forward' | 'inputGrad';

/**
 * Workgroups along z take eight output channels of one group of channels each; along (x, y), tiles of 2 rows × 4
 * columns of all items.
 */
export function conv3x3(s: ConvSizes, direction: Direction, { subgroupSize }: Traits): Launch {
  const [ig, og] = [s.ci / s.groups, s.co / s.groups];
  const [ins, outs] = direction === 'forward' ? [ig, og] : [og, ig];
  const [inStep, outStep] = direction === 'forward' ? [9, 9 * ig] : [9 * ig, 9];
  const tiles = s.n * Math.ceil(s.h / 2) * (s.w / 4);
  const [x, y] = fold(Math.ceil(tiles / WG));
  const last = lastQuad({ ...s, ci: ins * s.groups });
  return {
    wgsl: conv3x3Source(direction, subgroupSize >= 8),
    workgroups: [x, y, s.groups * Math.ceil(outs / 8)],
    uniforms: uniforms(tiles, ins, outs, s.h, s.w / 4, inStep, outStep, last, s.groups),
  };
}

const lastQuad = ({ n, ci, h, w }: ConvSizes): number => n * ci * h * (w / 4) - 1;

/**
 * One invocation per batch item, four output channels and one input channel. A group of channels of an item is
 * as good as an item: the layout is the same.
 */
export function conv3x3WeightGrad(s: ConvSizes): Launch {
  const [n, ci, co] = [s.n * s.groups, s.ci / s.groups, s.co / s.groups];
  const count = n * Math.ceil(co / 4) * ci;
  return {
    wgsl: conv3x3WeightGradSource,
    workgroups: fold(Math.ceil(count / WG)),
    uniforms: uniforms(count, ci, co, s.h, s.w / 4, lastQuad(s)),
  };
}

/** One invocation per four columns of one row of one channel. */
export function depthwise3x3(s: ConvSizes, direction: Direction): Launch {
  const count = s.n * s.ci * s.h * (s.w / 4);
  return {
    wgsl: depthwise3x3Source(direction),
    workgroups: fold(Math.ceil(count / WG)),
    uniforms: uniforms(count, s.ci, s.h, s.w / 4, lastQuad(s)),
  };
}

/** One invocation per batch item and channel. */
export function depthwise3x3WeightGrad(s: ConvSizes): Launch {
  const count = s.n * s.ci;
  return {
    wgsl: depthwise3x3WeightGradSource,
    workgroups: fold(Math.ceil(count / WG)),
    uniforms: uniforms(count, s.ci, s.h, s.w / 4, lastQuad(s)),
  };
}
