import type { Backend, Kernel } from '../kernels/index.js';
import { Tensor, type Cotangent } from './tensor.js';

/** Runs a kernel without recording it: inside a vjp, an optimiser, a data pipeline. */
export function run<P>(kernel: Kernel<P>, inputs: readonly Tensor[], params: P): Tensor {
  const shapes = inputs.map(({ shape }) => shape);
  const shape = kernel.outShape(shapes, params);
  const { backend } = inputs[0];
  const storages = inputs.map(({ storage }) => storage);
  return new Tensor(backend, shape, backend.run(kernel, storages, shapes, params));
}

/** Runs a kernel that has no inputs. */
export const runOn = <P>(backend: Backend, kernel: Kernel<P>, params: P): Tensor =>
  new Tensor(backend, kernel.outShape([], params), backend.run(kernel, [], [], params));

/**
 * The vector–Jacobian product of one op: the cotangent `g` of output `y` → one cotangent per input, or
 * `undefined` for an input that takes no gradient (an index, a mask). `wanted[i]` says whether anyone asks.
 */
export type Vjp = (g: Tensor, y: Tensor, wanted: readonly boolean[]) => readonly (Cotangent | undefined)[];

/** Runs a kernel, and records it with its vjp if any input is, or comes from, a variable. */
export function op<P>(kernel: Kernel<P>, inputs: readonly Tensor[], params: P, vjp: Vjp): Tensor {
  return record(kernel.name, inputs, run(kernel, inputs, params), vjp);
}

/** `y`, recorded as computed from `inputs` by whatever means. */
export function record(name: string, inputs: readonly Tensor[], y: Tensor, vjp: Vjp): Tensor {
  const wanted = inputs.map(({ node }) => node !== undefined);
  if (!wanted.includes(true)) return y;
  return new Tensor(y.backend, y.shape, y.storage, {
    op: name,
    inputs,
    vjp: (g) => vjp(g, y, wanted),
  });
}

/** The vjp of an op that has none: a gradient that is asked for through it is an error, never a silent zero. */
export const noVjp =
  (name: string): Vjp =>
  () => {
    throw new Error(`${name} has no vjp: no gradient can be taken through it`);
  };
