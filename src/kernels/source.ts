/** What the launch of a kernel is made of: WGSL text, workgroup counts, uniform blocks. */
import { readFileSync } from 'node:fs';

/** The text of a `.wgsl` file beside the module that asks: `wgsl(import.meta.url, './softmax.wgsl')`. */
export const wgsl = (module: string, file: string): string => readFileSync(new URL(file, module), 'utf8');

/** Texts by what they depend on, made once. */
export function memoized<V extends object>(source: (variant: V) => string): typeof source {
  const known = new Map<string, string>();
  return (variant) => {
    const key = Object.values(variant).join();
    let text = known.get(key);
    if (text === undefined) known.set(key, (text = source(variant)));
    return text;
  };
}

/** WebGPU allows this many workgroups along one axis on every adapter. */
const MAX_WORKGROUPS = 65535;

/** `n` workgroups folded into (x, y); the WGSL recovers the index as `group.x + group.y * groups.x`. */
export function fold(n: number): [x: number, y: number, z: number] {
  const y = Math.ceil(n / MAX_WORKGROUPS);
  return [Math.ceil(n / y), y, 1];
}

/** A field of a uniform block that is an f32 instead of a u32. */
export interface F32 {
  readonly f32: number;
}

export const f32 = (value: number): F32 => ({ f32: value });

/** A uniform block of scalars, each four bytes: plain numbers are u32, `f32(x)` is f32. */
export function uniforms(...fields: readonly (number | F32)[]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(4 * fields.length));
  fields.forEach((field, i) => {
    if (typeof field === 'number') view.setUint32(4 * i, field, true);
    else view.setFloat32(4 * i, field.f32, true);
  });
  return view.buffer;
}

/** A text that binds one more input, `declared` as `name: array<…>`, at `binding`: what was there and behind moves on. */
export function withInput(text: string, binding: number, declared: string): string {
  const moved = text.replace(/@binding\((\d+)\)/g, (same, k) =>
    Number(k) < binding ? same : `@binding(${Number(k) + 1})`,
  );
  return `@group(0) @binding(${binding}) var<storage, read> ${declared};\n${moved}`;
}
