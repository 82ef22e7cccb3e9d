import { sizeOf, type Kernel, type Shape } from '../src/kernels/index.js';

/**
 * Additions and multiplications of kernels that live on them; undefined for the rest, which memory or function
 * evaluations hold up. A product of matrices, and a convolution, is 2 for each of its products of two numbers.
 */
export function flopsOf<P>(kernel: Kernel<P>, shapes: readonly Shape[], params: P): number | undefined {
  const out = kernel.outShape(shapes, params);
  switch (kernel.name) {
    case 'matmul': {
      const { ta } = params as { ta: boolean };
      return 2 * sizeOf(out) * shapes[0].at(ta ? -2 : -1)!;
    }
    case 'conv2d':
      return 2 * sizeOf(out) * sizeOf(shapes[1].slice(1));
    case 'conv2dInputGrad':
      return 2 * sizeOf(shapes[0]) * sizeOf(shapes[1].slice(1));
    case 'conv2dWeightGrad':
      return 2 * sizeOf(shapes[0]) * sizeOf(out.slice(2));
    default:
      return undefined;
  }
}

/** Bytes that a kernel has to move at least: every input that it reads, and its result. */
export function bytesOf<P>(kernel: Kernel<P>, shapes: readonly Shape[], params: P): number {
  const out = sizeOf(kernel.outShape(shapes, params));
  // Of what it moves from, a kernel may need a part only.
  const read = kernel.name === 'move' ? out : shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
  return 4 * (read + out);
}
