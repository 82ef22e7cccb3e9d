/**
 * Elementwise functions of one variable. One row is one op: its definition, its derivative, and the same
 * two as WGSL expressions on `T` (a vec4f). `y` stands for f(x), so a derivative may reuse it.
 */
import type { Kernel } from './kernel.js';
import { pointwise } from './pointwise.js';
import { sameShapes } from './shape.js';

export interface Unary {
  readonly f: (x: number) => number;
  readonly df: (x: number, y: number) => number;
  readonly wgsl: string;
  readonly dwgsl: string;
  /** Where tests draw x: the interval on which f32 can be expected to do well. */
  readonly domain: readonly [low: number, high: number];
  /** Rounding steps of either expression on that interval, by the accuracies the WGSL specification allows. */
  readonly roundings: number;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const GELU = Math.sqrt(2 / Math.PI);
const geluGate = (x: number): number => sigmoid(2 * GELU * (x + 0.044715 * x ** 3));

// Roundings, in units of u = 2⁻²⁴, from the accuracies that WGSL promises: exp 3 + 2|x| ulp, so 38u on [−8, 8];
// division 2.5 ulp, 5u; √ as 1/inverseSqrt, 9u; log 3 ulp, 6u. The logistic function passes on at most all of its
// exponential's error: 38 + 1 + 5. gelu's exponent reaches 11, with six roundings of its own: 50 + 66 + 6; its slope
// holds s and s(1 − s), twice that, times factors below 1, and 20u from 1 − s near 1.
//
// softplus: log has an absolute error of 2⁻²¹, 8u, near 1, and passes on 2u from 1 + eˣ and at most 2u from eˣ where
// the result is smallest, 0.127 at −2: 12u / 0.127. Further down it keeps the absolute error and loses the relative.
//
// gelu is the tanh form, written with the logistic function (1 + tanh z = 2σ(2z)), because tanh of a large
// argument is NaN on SwiftShader.
// prettier-ignore
export const unary = {
  exp:        { f: Math.exp,                df: (_, y) => y,                  wgsl: 'exp(x)',                 dwgsl: 'y',                    domain: [-8, 8],    roundings: 40 },
  log:        { f: Math.log,                df: (x) => 1 / x,                 wgsl: 'log(x)',                 dwgsl: '1.0 / x',              domain: [2.5, 60],  roundings: 8 },
  sqrt:       { f: Math.sqrt,               df: (_, y) => 0.5 / y,            wgsl: 'sqrt(x)',                dwgsl: '0.5 / y',              domain: [0.1, 60],  roundings: 12 },
  square:     { f: (x) => x * x,            df: (x) => 2 * x,                 wgsl: 'x * x',                  dwgsl: '2.0 * x',              domain: [-8, 8],    roundings: 2 },
  reciprocal: { f: (x) => 1 / x,            df: (_, y) => -y * y,             wgsl: '1.0 / x',                dwgsl: '-y * y',               domain: [0.1, 8],   roundings: 6 },
  abs:        { f: Math.abs,                df: Math.sign,                    wgsl: 'abs(x)',                 dwgsl: 'sign(x)',              domain: [-8, 8],    roundings: 1 },
  relu:       { f: (x) => Math.max(x, 0),   df: (x) => (x > 0 ? 1 : 0),       wgsl: 'max(x, T(0.0))',         dwgsl: 'select(T(0.0), T(1.0), x > T(0.0))', domain: [-8, 8], roundings: 1 },
  sigmoid:    { f: sigmoid,                 df: (_, y) => y * (1 - y),        wgsl: '1.0 / (1.0 + exp(-x))',  dwgsl: 'y * (1.0 - y)',        domain: [-8, 8],    roundings: 48 },
  silu:       { f: (x) => x * sigmoid(x),   df: (x, y) => y + sigmoid(x) * (1 - y), wgsl: 'x / (1.0 + exp(-x))', dwgsl: 'y + (1.0 - y) / (1.0 + exp(-x))', domain: [-8, 8], roundings: 64 },
  softplus:   { f: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), df: sigmoid, wgsl: 'max(x, T(0.0)) + log(1.0 + exp(-abs(x)))', dwgsl: '1.0 / (1.0 + exp(-x))', domain: [-2, 8],    roundings: 96 },
  gelu:       { f: (x) => x * geluGate(x),  df: (x) => { const s = geluGate(x); return s + 2 * GELU * x * s * (1 - s) * (1 + 3 * 0.044715 * x * x); },
                wgsl: 'x / (1.0 + exp(-1.5957691216 * (x + 0.044715 * x * x * x)))',
                dwgsl: 'geluSlope(x)',                                                                                                        domain: [-4, 4],    roundings: 256 },
} as const satisfies Record<string, Unary>;

export type UnaryName = keyof typeof unary;

const GELU_SLOPE = `fn geluSlope(x: T) -> T {
  let s = 1.0 / (1.0 + exp(-1.5957691216 * (x + 0.044715 * x * x * x)));
  return s + 1.5957691216 * x * s * (1.0 - s) * (1.0 + 0.134145 * x * x);
}
`;

const names = Object.keys(unary) as UnaryName[];
const table = <V>(value: (name: UnaryName) => V): Record<UnaryName, V> =>
  Object.fromEntries(names.map((name) => [name, value(name)])) as Record<UnaryName, V>;

/** y = f(x), one kernel per row of the table. */
export const unaryForward: Record<UnaryName, Kernel> = table((name) => {
  const { f, wgsl, roundings }: Unary = unary[name];
  const each = { name: `${name}Of`, wgsl: `fn ${name}Of(x: T) -> T { return ${wgsl}; }`, scalars: [] };
  return {
    name,
    outShape: ([x]) => x,
    ...pointwise(() => each),
    reference: ([x]) => x.map(f),
    roundings: () => roundings,
  };
});

/** gx = g f′(x), one kernel per row of the table. Inputs x, y, g of one shape. */
export const unaryBackward: Record<UnaryName, Kernel> = table((name) => {
  const { df, dwgsl, roundings }: Unary = unary[name];
  const backward = `${name}Backward`;
  const helper = dwgsl.includes('geluSlope') ? GELU_SLOPE : '';
  const wgsl = `${helper}fn ${backward}(x: T, y: T, g: T) -> T { return g * (${dwgsl}); }`;
  const each = { name: backward, wgsl, scalars: [] };
  return {
    name: backward,
    outShape: ([x, y, g]) => sameShapes(backward, x, y, g),
    ...pointwise(() => each),
    reference: ([x, y, g]) => g.map((v, i) => v * df(x[i], y[i])),
    roundings: () => roundings,
    errorScale: ([x, y, g]) => g.map((v, i) => Math.abs(v) * (Math.abs(df(x[i], y[i])) + Math.abs(y[i]) + 1)),
  };
});
