import type { ElementType } from './elementType.js';
import type { Pointwise } from './pointwise.js';
import type { Shape } from './shape.js';

/** How a kernel is started. Everything here follows from shapes and parameters, never from data. */
export interface Launch {
  /** The WGSL of the variant that suits these shapes: entry point `main`, bindings as `Kernel` says. */
  readonly wgsl: string;
  readonly workgroups: readonly [x: number, y: number, z: number];
  /** Values for the WGSL's `override` declarations. */
  readonly constants?: Readonly<Record<string, number>>;
  /** The uniform block, field by field in the order in which the WGSL declares it. */
  readonly uniforms: ArrayBuffer;
}

/** What a launch may know of the device, to choose a variant. */
export interface Traits {
  /** Invocations that share registers by shuffle, if that is one fixed number; else 0. */
  readonly subgroupSize: number;
  /** A driver on the CPU: reading memory costs it far more than arithmetic, and workgroup memory is no faster. */
  readonly software: boolean;
}

/**
 * One operation on arrays, with all that is needed to run it, check it and time it.
 *
 * Bindings of the WGSL, group 0: inputs 0 … n−1 as `var<storage, read> array<f32>` (or vec4f), the output n
 * as `var<storage, read_write>`, and the uniform block n+1 as `var<uniform>`.
 */
export interface Kernel<P = void> {
  /** Unique. Appears in GPU labels, errors and bench tables. */
  readonly name: string;
  /** The shape rule. Throws `ShapeError`. */
  outShape(inputs: readonly Shape[], params: P): Shape;
  launch(inputs: readonly Shape[], params: P, traits: Traits): Launch;
  /** The kernel as a function of elements, where it is one: such launches are joined to one, as `runtime/fuse.ts` says. */
  pointwise?(inputs: readonly Shape[], params: P): Pointwise | undefined;
  /**
   * How a device stores the result, by how it stores the inputs. Left out: as the first input, or f32 without
   * one. Statistics, sums and the gradients of weights are f32.
   */
  resultType?(inputs: readonly ElementType[], params: P): ElementType;
  /** The definition, in float64: written to be read, never to be fast. */
  reference(inputs: readonly Float64Array[], shapes: readonly Shape[], params: P): Float64Array;
  /** Rounding steps on the longest path to one output element; 0 for a kernel that only moves numbers. */
  roundings(inputs: readonly Shape[], params: P): number;
  /** Its multiply-adds; left out where memory takes longer than arithmetic. */
  multiplyAdds?(inputs: readonly Shape[], params: P): number;
  /**
   * Σ|terms| for each output element: what its rounding error is proportional to. Left out when no
   * term can cancel another, for then it is |y|.
   */
  errorScale?(inputs: readonly Float64Array[], shapes: readonly Shape[], params: P): Float64Array;
}

/** How the result of a kernel is stored. */
export const resultType = <P>(kernel: Kernel<P>, inputs: readonly ElementType[], params: P): ElementType =>
  kernel.resultType?.(inputs, params) ?? inputs.at(0) ?? 'f32';
