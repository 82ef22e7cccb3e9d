/**
 * How kernels over a middle axis, x [outer, len, inner], read memory: four neighbouring elements per load
 * wherever the shape allows it. One WGSL text serves all three ways; it is written in terms of
 *
 *   T                 what one load gives: f32 or vec4f
 *   S                 one result per column of T: f32 along the axis, T otherwise
 *   total, greatest   of the lanes of a T that belong to one column
 */
import type { Shape } from './shape.js';

/** `across`: four columns at once; `along`: four terms of one column at once; `single`: one element. */
export type Lanes = 'single' | 'across' | 'along';

const prelude = (T: string, S: string, total: string, greatest: string): string =>
  `alias T = ${T};
alias S = ${S};
fn total(v: T) -> S { return ${total}; }
fn greatest(v: T) -> S { return ${greatest}; }
`;

const preludes: Record<Lanes, string> = {
  single: prelude('f32', 'f32', 'v', 'v'),
  across: prelude('vec4f', 'vec4f', 'v', 'v'),
  along: prelude('vec4f', 'f32', 'dot(v, vec4f(1.0))', 'max(max(v.x, v.y), max(v.z, v.w))'),
};

/** The three variants of a WGSL text that is written in those terms. */
export const laneVariants = (wgsl: string): Record<Lanes, string> => ({
  single: preludes.single + wgsl,
  across: preludes.across + wgsl,
  along: preludes.along + wgsl,
});

/** The widest way that suits the shape. */
export function lanesOf([, len, inner]: Shape): Lanes {
  if (inner % 4 === 0) return 'across';
  return inner === 1 && len % 4 === 0 ? 'along' : 'single';
}

/** Sizes of the axes in units of T. */
export const inLanes = (
  [outer, len, inner]: Shape,
  lanes: Lanes,
): [outer: number, len: number, inner: number] => [
  outer,
  lanes === 'along' ? len / 4 : len,
  lanes === 'across' ? inner / 4 : inner,
];

/** One invocation adds up about this many terms at most, so that rounding stays small. */
const MOST_TERMS = 1024;

/** Fewer invocations than this leave a device idle. */
export const ENOUGH = 256;

/** So few terms take no longer than another pass would. */
const SHORT = 256;

/**
 * How many steps of the middle axis one invocation takes, if each stands for `times` terms: all, where that makes
 * enough invocations or few terms; else about √terms. A multiple of four unless it is all.
 */
export function chunkOf([outer, len, inner]: Shape, times = 1): number {
  const terms = times * len;
  if (terms <= SHORT || (terms <= MOST_TERMS && outer * inner >= ENOUGH)) return len;
  return Math.min(len, 4 * Math.ceil(Math.min(MOST_TERMS, Math.sqrt(terms)) / times / 4));
}
