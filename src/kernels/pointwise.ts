/**
 * Kernels whose element i follows from one element of each input alone: element i, or what broadcasting puts there. Each
 * is one WGSL function of four elements; a chain of them, where what one gives is an argument of another, is one pass
 * over memory.
 */
import type { ElementType } from './elementType.js';
import type { Kernel, Launch } from './kernel.js';
import { sizeOf, type Shape } from './shape.js';
import { f32, fold, uniforms, type F32 } from './source.js';
import { inRuns } from './strided.js';

/** y = name(x₀, x₁, …, s₀, s₁, …) for four neighbouring elements. */
export interface Pointwise {
  /** Of the function, and none of WGSL's own; two functions of one name are the same. */
  readonly name: string;
  /** Its text, on `T`, a vec4f: `fn mul(a: T, b: T) -> T { return a * b; }`. The inputs come first, then the scalars, f32. */
  readonly wgsl: string;
  readonly scalars: readonly number[];
  /** How inputs smaller than the result are repeated; of the others, undefined. */
  readonly spreads?: readonly (Spread | undefined)[];
}

/** A smaller input: element i of the result goes with its element ⌊i / inner⌋ mod size. */
export interface Spread {
  readonly size: number;
  readonly inner: number;
}

/** One function of a chain. */
export interface Call {
  readonly f: Pointwise;
  /** What its inputs are: inputs of the chain, counted from 0, then the results of calls before it. */
  readonly args: readonly number[];
  /** What its result is rounded to before another call takes it. */
  readonly type: ElementType;
}

/**
 * How an array of `shape` is repeated to `out`, undefined if it is not.
 *
 * @returns 'otherwise' for what four neighbours at a time cannot have in one load
 */
export function spreadOf(shape: Shape, out: Shape): Spread | 'otherwise' | undefined {
  const [size, total] = [sizeOf(shape), sizeOf(out)];
  if (size === total) return undefined;
  if (size === 1) return { size, inner: 4 * Math.ceil(total / 4) };
  // One run of axes that both have, and repeats before and after it.
  const repeats = out.map((d, i) => d > 1 && (shape[i - out.length + shape.length] ?? 1) === 1);
  const first = out.findIndex((d, i) => d > 1 && !repeats[i]);
  const last = out.findLastIndex((d, i) => d > 1 && !repeats[i]);
  const inner = sizeOf(out.slice(last + 1));
  const oneRun = !repeats.slice(first, last + 1).includes(true);
  return oneRun && (inner % 4 === 0 || (inner === 1 && size % 4 === 0)) ? { size, inner } : 'otherwise';
}

/** Fields of the uniform block, of which the encoder takes 256 bytes. */
const MOST_FIELDS = 64;

/** Whether the uniform block has room for all that a chain needs. */
export const fits = (fs: readonly Pointwise[]): boolean =>
  fs.reduce((n, { scalars, spreads = [] }) => n + scalars.length + 2 * spreads.length, 3) <= MOST_FIELDS;

const WG = 256;

/** How input k is declared and what an invocation takes of it. A spread one is counted in quads where it has whole ones. */
function load(spread: Spread | undefined, k: number): { declared: string; taken: string } {
  if (!spread) return { declared: `x${k}: array<T>`, taken: `x${k}[i]` };
  if (spread.inner === 1) return { declared: `x${k}: array<T>`, taken: `x${k}[i % size${k}]` };
  return { declared: `x${k}: array<f32>`, taken: `T(x${k}[i / inner${k} % size${k}])` };
}

/**
 * What a result is when it comes back from memory, without going there. The number zero is not known to the compiler: so
 * it contracts nothing across two calls, and takes no rounding for nothing, as Mesa's does otherwise.
 */
const stored: Record<ElementType, string> = {
  f32: 'fn f32Of(v: T, zero: u32) -> T { return bitcast<T>(bitcast<vec4u>(v) + zero); }',
  f16: 'fn f16Of(v: T, zero: u32) -> T { return T(bitcast<vec4h>(bitcast<vec2u>(vec4h(v)) + zero)); }',
};

/**
 * Buffers are padded to a multiple of four elements. All of the uniform block is read before the loop: reading costs a
 * software driver as much inside it as reading an input does.
 */
function program(inputs: readonly (Spread | undefined)[], calls: readonly Call[]): string {
  const loads = inputs.map(load);
  const functions = new Map(calls.map(({ f }) => [f.name, f.wgsl]));
  const fields: [name: string, type: 'u32' | 'f32'][] = [['quads', 'u32'], ['runs', 'u32'], ['zero', 'u32']]; // prettier-ignore
  inputs.forEach((spread, k) => spread && fields.push([`size${k}`, 'u32'], [`inner${k}`, 'u32']));
  let scalars = 0;
  const lines = calls.map(({ f, args, type }, i) => {
    const given = args.map((k) => `v${k}`);
    for (let s = 0; s < f.scalars.length; s++, scalars++) {
      fields.push([`s${scalars}`, 'f32']);
      given.push(`s${scalars}`);
    }
    const value = `${f.name}(${given.join(', ')})`;
    if (i === calls.length - 1) return `    y[i] = ${value};`;
    return `    let v${inputs.length + i} = ${type}Of(${value}, zero);`;
  });
  const types = new Set(calls.slice(0, -1).map(({ type }) => type));
  return `
${types.has('f16') ? 'enable f16;' : ''}
alias T = vec4f;
override WG: u32 = ${WG}u;
struct Params { ${fields.map((field) => field.join(': ')).join(', ')} }

${loads.map(({ declared }, k) => `@group(0) @binding(${k}) var<storage, read> ${declared};`).join('\n')}
@group(0) @binding(${inputs.length}) var<storage, read_write> y: array<T>;
@group(0) @binding(${inputs.length + 1}) var<uniform> p: Params;

${[...functions.values(), ...[...types].map((type) => stored[type])].join('\n')}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let first = (group.x + group.y * groups.x) * WG + local;
  if (first >= p.runs) { return; }
${fields.map(([name]) => `  let ${name} = p.${name};`).join('\n')}
  for (var i = first; i < quads; i += runs) {
${loads.map(({ taken }, k) => `    let v${k} = ${taken};`).join('\n')}
${lines.join('\n')}
  }
}
`;
}

const programs = new Map<string, string>();

/**
 * The launch of a chain. Its result is that of the last call.
 *
 * @param inputs how each of its inputs is repeated
 * @param size elements of the result
 */
export function launchChain(
  inputs: readonly (Spread | undefined)[],
  calls: readonly Call[],
  size: number,
): Launch {
  let key = inputs.map((spread) => (spread ? (spread.inner === 1 ? 'c' : 'r') : '-')).join('');
  for (const { f, args, type } of calls) key += ` ${f.name}(${args.join()})${type}`;
  let wgsl = programs.get(key);
  if (wgsl === undefined) programs.set(key, (wgsl = program(inputs, calls)));
  const fields: (number | F32)[] = [0];
  for (const spread of inputs) {
    if (spread?.inner === 1) fields.push(spread.size / 4, 1);
    else if (spread) fields.push(spread.size, spread.inner / 4);
  }
  for (const { f } of calls) fields.push(...f.scalars.map(f32));
  return launchQuads(wgsl, size, fields);
}

/**
 * The launch of a text that treats arrays of `size` elements four at a time. Its uniform block begins with how often, and
 * how many invocations share that.
 */
export function launchQuads(wgsl: string, size: number, more: readonly (number | F32)[]): Launch {
  const { row: quads, runs } = inRuns([Math.ceil(size / 4)]);
  return { wgsl, workgroups: fold(Math.ceil(runs / WG)), uniforms: uniforms(quads, runs, ...more) };
}

/** What a kernel is whose inputs have the shape of its result: `f` by its parameters and the number of inputs. */
export const pointwise = <P>(
  f: (params: P, inputs: number) => Pointwise,
): Required<Pick<Kernel<P>, 'pointwise' | 'launch'>> => ({
  pointwise: (shapes, params) => f(params, shapes.length),
  launch: (shapes, params) => launchOne(f(params, shapes.length), shapes.length, sizeOf(shapes[0])),
});

const singles = new Map<string, string>();

/** The launch of one function of so many inputs, all of the size of the result. */
export function launchOne(f: Pointwise, inputs: number, size: number): Launch {
  let wgsl = singles.get(f.name);
  if (wgsl === undefined) {
    const args = Array.from({ length: inputs }, (_, k) => k);
    const none = args.map(() => undefined);
    singles.set(f.name, (wgsl = program(none, [{ f, args, type: 'f32' }])));
  }
  return launchQuads(wgsl, size, [0, ...f.scalars.map(f32)]);
}
