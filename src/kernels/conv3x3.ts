/**
 * The 3 × 3 convolutions of stride 1 and padding 1 in which the network lives: launches of the WGSL variants.
 *
 *   forward, gradient by x   8 output channels × 2 rows × 4 columns per invocation
 *   gradient by w            9 taps of 8 output channels × 1 input channel per invocation, walking over the pixels
 *   depthwise                4 columns of one channel per invocation, walking down 8 rows; on hardware, 1 row
 *
 * All of it in registers. Where subgroups have eight lanes or more they share the weights (for the gradient by w, g)
 * by broadcast. Columns come in fours; a width that is not a multiple of four is read and written by element.
 */
import type { ConvSizes } from './conv2d.js';
import { conv3x3Source } from './conv3x3Source.js';
import { conv3x3WeightGradSource } from './conv3x3WeightGradSource.js';
import { depthwise3x3Source, depthwise3x3WeightGradSource } from './depthwise3x3Source.js';
import type { Launch, Traits } from './kernel.js';
import { readingOf } from './rows3x3.js';
import { fold, uniforms } from './source.js';

const WG = 32;

/** The gradient by x is a convolution of g with the kernel turned by 180°, channels in and out exchanged. */
export type Direction = 'forward' | 'inputGrad';

const quadsOf = (w: number): number => Math.ceil(w / 4);

/**
 * Workgroups along z take eight output channels of one group of channels each; along (x, y), tiles of 2 rows × 4
 * columns of all items.
 */
export function conv3x3(s: ConvSizes, direction: Direction, { subgroupSize }: Traits): Launch {
  const [ig, og] = [s.ci / s.groups, s.co / s.groups];
  const [ins, outs] = direction === 'forward' ? [ig, og] : [og, ig];
  const [inStep, outStep] = direction === 'forward' ? [9, 9 * ig] : [9 * ig, 9];
  const tiles = s.n * Math.ceil(s.h / 2) * quadsOf(s.w);
  const [x, y] = fold(Math.ceil(tiles / WG));
  return {
    wgsl: conv3x3Source(direction, subgroupSize >= 8, readingOf(s.w)),
    workgroups: [x, y, s.groups * Math.ceil(outs / 8)],
    uniforms: uniforms(tiles, ins, outs, s.h, s.w, inStep, outStep, s.groups),
  };
}

/**
 * One workgroup per batch item, eight output channels and eight input channels. A group of channels of an item is
 * as good as an item: the layout is the same.
 */
export function conv3x3WeightGrad(s: ConvSizes, { subgroupSize }: Traits): Launch {
  const [n, ci, co] = [s.n * s.groups, s.ci / s.groups, s.co / s.groups];
  const blocksIn = Math.ceil(ci / 8);
  const blocks = n * Math.ceil(co / 8) * blocksIn;
  return {
    wgsl: conv3x3WeightGradSource(subgroupSize >= 8, readingOf(s.w)),
    workgroups: fold(blocks),
    uniforms: uniforms(ci, co, s.h, s.w, blocks, blocksIn),
  };
}

/** One invocation per four columns of one channel, for up to eight rows on software, one on hardware. */
export function depthwise3x3(s: ConvSizes, direction: Direction, { software }: Traits): Launch {
  const rows = software ? 8 : 1;
  const count = s.n * s.ci * Math.ceil(s.h / rows) * quadsOf(s.w);
  return {
    wgsl: depthwise3x3Source(direction, readingOf(s.w)),
    workgroups: fold(Math.ceil(count / WG)),
    uniforms: uniforms(count, s.ci, s.h, s.w, rows),
  };
}

/** One invocation per batch item and channel. */
export function depthwise3x3WeightGrad(s: ConvSizes): Launch {
  const count = s.n * s.ci;
  return {
    wgsl: depthwise3x3WeightGradSource(readingOf(s.w)),
    workgroups: fold(Math.ceil(count / WG)),
    uniforms: uniforms(count, s.h, s.w),
  };
}
