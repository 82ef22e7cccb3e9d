import { unary } from '../src/kernels/elementwise.js';
import type { Kernel, Shape, Traits } from '../src/kernels/index.js';
import { sameShape } from '../src/kernels/index.js';

/** What a kernel is run on, apart from numbers. */
export interface Sizes<P> {
  readonly shapes: readonly Shape[];
  readonly params: P;
}

/** Sizes to try, of what is cut. */
const TRIED = [8, 32, 64, 128, 256, 512];

/** `size`, or about `most`, with the same remainder by 4, on which variants depend. */
const cut = (size: number, most: number): number => (size <= most + 3 ? size : most + (size % 4));

/**
 * A smaller case of the same variant, the same WGSL with the same constants, where the float64 reference of this one
 * would take seconds: products of matrices, convolutions, and what treats elements or rows one by one. Channels of a
 * convolution stay, and the lengths of rows.
 */
export function smaller<P>(kernel: Kernel<P>, shapes: readonly Shape[], params: P, traits: Traits): Sizes<P> {
  const variant = ({ shapes, params }: Sizes<P>): string => {
    const { wgsl, constants } = kernel.launch(shapes, params, traits);
    return JSON.stringify([wgsl, constants]);
  };
  const wanted = variant({ shapes, params });
  const tried = TRIED.map((most) => reduced(kernel.name, shapes, params, most));
  return tried.find((sizes) => sizes && variant(sizes) === wanted) ?? { shapes, params };
}

function reduced<P>(name: string, shapes: readonly Shape[], params: P, most: number): Sizes<P> | undefined {
  const plane = ([, c, h, w]: Shape): Shape => [1, c, cut(h, most), cut(w, most)];
  const [first, second, ...rest] = shapes;
  switch (name) {
    case 'matmul':
      return {
        shapes: shapes.map((shape) =>
          shape.map((d, i) => (i < shape.length - 2 ? Math.min(d, 2) : cut(d, most))),
        ),
        params,
      };
    case 'conv2d':
      return { shapes: [plane(first), second, ...rest], params };
    case 'conv2dInputGrad': {
      const { height, width, stride } = params as { height: number; width: number; stride: number };
      if (stride !== 1) return undefined;
      const g = plane(first);
      const smallerParams = { ...params, height: height + g[2] - first[2], width: width + g[3] - first[3] };
      return { shapes: [g, second], params: smallerParams };
    }
    case 'conv2dWeightGrad':
      return (params as { stride: number }).stride === 1
        ? { shapes: [plane(first), plane(second)], params }
        : undefined;
    default: {
      const alike = shapes.every((shape) => sameShape(shape, first));
      if (!alike || !byElementOrRow.has(name.replace(/Backward$/, ''))) return undefined;
      return {
        shapes: shapes.map((shape) => shape.map((d, i) => (i < shape.length - 1 ? cut(d, most) : d))),
        params,
      };
    }
  }
}

const byElementOrRow = new Set([
  ...Object.keys(unary),
  'add',
  'sub',
  'mul',
  'div',
  'lincomb',
  'clamp',
  'softmax',
]);
