/**
 * The convolutions of any kernel size, stride, padding and groups: launches of the WGSL variants, each a product of
 * matrices of which one is gathered from the image (`gatherTile.ts`).
 *
 *                    channels of a tile    × its four columns              summed over
 *   forward          outputs               pixels                          taps, inputs
 *   gradient by x    inputs                pixels that meet the same taps  those taps, outputs
 *   gradient by w    outputs               inputs and taps                 pixels
 *
 * All of it in registers. Software with subgroups of eight lanes or more has tiles of up to 32 channels, and shares by
 * broadcast what is loaded for them; others have up to 16.
 */
import type { ConvSizes } from './conv2d.js';
import type { Direction } from './conv3x3.js';
import { convGatherSource } from './convGatherSource.js';
import { convGatherWeightGradSource } from './convGatherWeightGradSource.js';
import { workgroupSize, type GatherTile } from './gatherTile.js';
import type { Launch, Traits } from './kernel.js';
import { fold, uniforms } from './source.js';

const variant = (tile: GatherTile) => ({
  ...tile,
  forward: convGatherSource('forward', tile),
  inputGrad: convGatherSource('inputGrad', tile),
  weightGrad: convGatherWeightGradSource(tile),
});

const shared = [8, 16, 32].map((channels) => variant({ channels, shared: true }));
const plain = [1, 4, 8, 16].map((channels) => variant({ channels, shared: false }));

/** With no more columns than this, most of eight lanes that share would have none. */
const FEW_COLUMNS = 8;

/** The variant for images of so many channels and columns: the least that takes all channels at once, else the greatest. */
function tiling(channels: number, columns: number, images: number, { software, subgroupSize }: Traits) {
  const shares = software && subgroupSize >= 8 && channels > 1 && columns > FEW_COLUMNS;
  const quads = Math.ceil(columns / 4);
  const across = shares ? 8 * Math.ceil(quads / 8) : quads;
  const variants = shares ? shared : plain;
  const variant = variants.find((each) => each.channels >= channels) ?? variants.at(-1)!;
  const blocks = Math.ceil(channels / variant.channels);
  const count = across * blocks * images;
  return {
    variant,
    workgroups: fold(Math.ceil(count / workgroupSize(variant))),
    /** The first fields of the uniform block. */
    fields: [count, across, blocks, channels],
  };
}

/** The pixels of the gradient by x are of stride² classes, those of y of one. */
export function convGather(s: ConvSizes, direction: Direction, traits: Traits): Launch {
  const forward = direction === 'forward';
  const [ig, og, taps] = [s.ci / s.groups, s.co / s.groups, s.kh * s.kw];
  const [ins, outs] = forward ? [ig, og] : [og, ig];
  const [inStep, outStep] = forward ? [taps, taps * ig] : [taps * ig, taps];
  const [from, to] = forward ? [[s.h, s.w], [s.ho, s.wo]] : [[s.ho, s.wo], [s.h, s.w]]; // prettier-ignore
  const apart = forward ? 1 : s.stride;
  const [rows, columns] = to.map((size) => Math.ceil(size / apart));
  const pixels = s.n * rows * columns;
  const { variant, workgroups, fields } = tiling(outs, pixels, s.groups * apart ** 2, traits);
  return {
    wgsl: variant[direction],
    workgroups,
    uniforms: uniforms(
      ...[...fields, pixels, rows, columns, ins, s.groups, ...from, ...to],
      ...[s.kh, s.kw, s.stride, s.padding, inStep, outStep],
    ),
  };
}

/** A group of channels of an item is as good as an item: the layout is the same. */
export function convGatherWeightGrad(s: ConvSizes, traits: Traits): Launch {
  const [ins, outs] = [s.ci / s.groups, s.co / s.groups];
  const taps = ins * s.kh * s.kw;
  const { variant, workgroups, fields } = tiling(outs, taps, s.n * s.groups, traits);
  return {
    wgsl: variant.weightGrad,
    workgroups,
    uniforms: uniforms(...fields, taps, ins, s.h, s.w, s.ho, s.wo, s.kh, s.kw, s.stride, s.padding),
  };
}
