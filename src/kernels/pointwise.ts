/**
 * Kernels whose element i follows from the elements i of their inputs alone. Each is one WGSL function of four elements;
 * a chain of them, where what one gives is an argument of another, is one pass over memory.
 */
import type { ElementType } from './elementType.js';
import type { Kernel, Launch } from './kernel.js';
import { sizeOf } from './shape.js';
import { f32, fold, uniforms, type F32 } from './source.js';

/** y = name(x₀, x₁, …, s₀, s₁, …) for four neighbouring elements. */
export interface Pointwise {
  /** Of the function, and none of WGSL's own; two functions of one name are the same. */
  readonly name: string;
  /** Its text, on `T`, a vec4f: `fn mul(a: T, b: T) -> T { return a * b; }`. The inputs come first, then the scalars, f32. */
  readonly wgsl: string;
  readonly scalars: readonly number[];
}

/** One function of a chain. */
export interface Call {
  readonly f: Pointwise;
  /** What its inputs are: inputs of the chain, counted from 0, then the results of calls before it. */
  readonly args: readonly number[];
  /** What its result would be stored as: it is rounded to that, so that a chain gives the same as its links. */
  readonly type: ElementType;
}

/** Scalars that fit the uniform block beside the count: 256 bytes, as the encoder has it. */
export const MOST_SCALARS = 63;

const WG = 256;

/** Buffers are padded to a multiple of four elements. */
function program(inputs: number, calls: readonly Call[]): string {
  const each = Array.from({ length: inputs }, (_, i) => i);
  const functions = new Map(calls.map(({ f }) => [f.name, f.wgsl]));
  let scalar = 0;
  const lines = calls.map(({ f, args, type }, i) => {
    const given = [...args.map((k) => `v${k}`), ...f.scalars.map(() => `p.s${scalar++}`)];
    const value = `${f.name}(${given.join(', ')})`;
    if (i === calls.length - 1) return `  y[i] = ${value};`;
    return `  let v${inputs + i} = ${type === 'f16' ? `T(vec4h(${value}))` : value};`;
  });
  const fields = Array.from({ length: scalar }, (_, k) => `, s${k}: f32`).join('');
  return `
${calls.slice(0, -1).some(({ type }) => type === 'f16') ? 'enable f16;' : ''}
alias T = vec4f;
override WG: u32 = ${WG}u;
struct Params { quads: u32${fields} }

${each.map((i) => `@group(0) @binding(${i}) var<storage, read> x${i}: array<T>;`).join('\n')}
@group(0) @binding(${inputs}) var<storage, read_write> y: array<T>;
@group(0) @binding(${inputs + 1}) var<uniform> p: Params;

${[...functions.values()].join('\n')}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let i = (group.x + group.y * groups.x) * WG + local;
  if (i >= p.quads) { return; }
${each.map((i) => `  let v${i} = x${i}[i];`).join('\n')}
${lines.join('\n')}
}
`;
}

const programs = new Map<string, string>();

/** The launch of a chain on `inputs` arrays of `size` elements. Its result is that of the last call. */
export function launchChain(inputs: number, calls: readonly Call[], size: number): Launch {
  let key = `${inputs}`;
  for (const { f, args, type } of calls) key += ` ${f.name}(${args.join()})${type}`;
  let wgsl = programs.get(key);
  if (wgsl === undefined) programs.set(key, (wgsl = program(inputs, calls)));
  return launchQuads(
    wgsl,
    size,
    calls.flatMap(({ f }) => f.scalars.map(f32)),
  );
}

/** The launch of a text that treats arrays of `size` elements four at a time; its uniform block begins with how often. */
export function launchQuads(wgsl: string, size: number, more: readonly (number | F32)[]): Launch {
  const quads = Math.ceil(size / 4);
  return { wgsl, workgroups: fold(Math.ceil(quads / WG)), uniforms: uniforms(quads, ...more) };
}

/** What a kernel is that is pointwise whatever its inputs: `f` by its parameters and the number of inputs. */
export const pointwise = <P>(
  f: (params: P, inputs: number) => Pointwise,
): Required<Pick<Kernel<P>, 'pointwise' | 'launch'>> => ({
  pointwise: (shapes, params) => f(params, shapes.length),
  launch: (shapes, params) => launchOne(f(params, shapes.length), shapes.length, sizeOf(shapes[0])),
});

/** The launch of one function. */
export const launchOne = (f: Pointwise, inputs: number, size: number): Launch =>
  launchChain(inputs, [{ f, args: Array.from({ length: inputs }, (_, i) => i), type: 'f32' }], size);
