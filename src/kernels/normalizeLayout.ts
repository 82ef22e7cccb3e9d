/** What the kernels of normalize.ts share: how they read x, and what belongs to an element of it. */
import { ENOUGH, lanesOf, laneVariants, type Lanes } from './lanes.js';
import { dims, type Shape } from './shape.js';
import { wgsl } from './source.js';

export interface NormalizeParams {
  /** Neighbouring elements that share a channel. */
  readonly span: number;
  /** Added to the variance. */
  readonly eps: number;
}

/** Four terms that lie along the axis are of one channel, or of four neighbouring channels: C is their γ. */
export type Variant = Exclude<Lanes, 'along'> | 'alongSpan' | 'alongChannels';

/** C, and `ofChannel`: the sum of a T that is of one channel, or the T of four. */
const prelude = (C: string, ofChannel: string): string =>
  `alias C = ${C};\nfn ofChannel(v: T) -> C { return ${ofChannel}; }\n`;

export const variants = (file: string): Record<Variant, string> => variantsOf(wgsl(import.meta.url, file));

/** The variants of a text. */
export function variantsOf(text: string): Record<Variant, string> {
  const { single, across, along } = laneVariants(text);
  return {
    single: `${prelude('f32', 'v')}${single}`,
    across: `${prelude('f32', 'dot(v, vec4f(1.0))')}${across}`,
    alongSpan: `${prelude('f32', 'dot(v, vec4f(1.0))')}${along}`,
    alongChannels: `${prelude('vec4f', 'v')}${along}`,
  };
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

/** The variants of a text for one column at once, ROWS in the text, for two, and so on to five. */
export const byRows = (text: string): readonly Record<Variant, string>[] =>
  upTo(5).map((rows) => variantsOf(`const ROWS = ${rows}u;\n${text}`));

/**
 * How many columns, neighbours in `outer`, an invocation takes. In layer norm they have the same γ and β in the same
 * place, and a driver on the CPU gains by reading them once.
 *
 * @param others invocations for each of the outer
 */
export const rowsOf = (most: number, outer: number, others: number): number =>
  upTo(most).findLast((rows) => outer % rows === 0 && (outer / rows) * others >= ENOUGH) ?? 1;

/** The variant for these shapes, and span and channels in its units. */
export function layout(
  x: Shape,
  channels: number,
  span: number,
): { variant: Variant; lanes: Lanes; span: number; channels: number } {
  const lanes = lanesOf(x);
  if (lanes === 'across' && span % 4 === 0) return { variant: lanes, lanes, span: span / 4, channels };
  if (lanes === 'along' && span % 4 === 0) return { variant: 'alongSpan', lanes, span: span / 4, channels };
  if (lanes === 'along' && span === 1 && channels % 4 === 0)
    return { variant: 'alongChannels', lanes, span, channels: channels / 4 };
  return { variant: 'single', lanes: 'single', span, channels };
}

/** What belongs to one element of x. */
export interface Element {
  readonly x: number;
  readonly mean: number;
  /** 1/√(v + eps) */
  readonly rstd: number;
  readonly channel: number;
  /** Where in [outer, inner] its moments stand. */
  readonly column: number;
  /** Where in its column it stands. */
  readonly l: number;
}

/** Calls `visit` for each element of x, in order. */
export function elements(
  [x, stats]: readonly Float64Array[],
  [, len, inner]: Shape,
  channels: number,
  { span, eps }: NormalizeParams,
  visit: (e: number, element: Element) => void,
): void {
  for (let e = 0; e < x.length; e++) {
    const [o, l, i] = [Math.floor(e / (len * inner)), Math.floor(e / inner) % len, e % inner];
    const at = o * 2 * inner + i;
    const rstd = 1 / Math.sqrt(stats[at + inner] + eps);
    const channel = Math.floor(e / span) % channels;
    visit(e, { x: x[e], mean: stats[at], rstd, channel, column: o * inner + i, l });
  }
}

export const xhat = ({ x, mean, rstd }: Element): number => (x - mean) * rstd;
/** Bound of the terms of x̂, which may cancel. */
export const xhatTerms = ({ x, mean, rstd }: Element): number => (Math.abs(x) + Math.abs(mean)) * rstd;

export function checked(where: string, x: Shape, stats: Shape): Shape {
  const { outer, inner } = dims(`${where}: x`, x, 'outer len inner');
  dims(`${where}: moments`, stats, 'outer one two inner', { outer, inner, one: 1, two: 2 });
  return x;
}
