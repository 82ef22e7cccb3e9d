import { sizeOf, type Kernel, type Shape } from '../src/kernels/index.js';

/**
 * Additions and multiplications of kernels that live on them, 2 for each product of two numbers; undefined for the rest,
 * which memory or function evaluations hold up.
 */
export function flopsOf<P>(kernel: Kernel<P>, shapes: readonly Shape[], params: P): number | undefined {
  const products = kernel.multiplyAdds?.(shapes, params);
  return products && 2 * products;
}

/** Bytes that a kernel has to move at least: every input that it reads, and its result. */
export function bytesOf<P>(kernel: Kernel<P>, shapes: readonly Shape[], params: P): number {
  const out = sizeOf(kernel.outShape(shapes, params));
  // Of what it moves from, a kernel may need a part only.
  const read = kernel.name === 'move' ? out : shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
  return 4 * (read + out);
}
