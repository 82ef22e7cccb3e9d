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
  const [first, second, ...rest] = shapes;
  switch (name) {
    case 'matmul': {
      const shrink = (shape: Shape): number[] =>
        shape.map((d, i) => (i < shape.length - 2 ? Math.min(d, 2) : cut(d, most)));
      return { shapes: shapes.map(shrink), params };
    }
    case 'conv2d':
      return { shapes: [plane(first, cut(first[2], most), cut(first[3], most)), second, ...rest], params };
    case 'conv2dInputGrad': {
      const { height, width, stride } = params as { height: number; width: number; stride: number };
      const g = plane(first, cut(first[2], most), cut(first[3], most));
      const [lessHigh, lessWide] = [stride * (first[2] - g[2]), stride * (first[3] - g[3])];
      return {
        shapes: [g, second],
        params: { ...params, height: height - lessHigh, width: width - lessWide },
      };
    }
    case 'conv2dWeightGrad': {
      const { stride } = params as { stride: number };
      const g = plane(first, cut(first[2], most), cut(first[3], most));
      const x = plane(second, second[2] - stride * (first[2] - g[2]), second[3] - stride * (first[3] - g[3]));
      return { shapes: [g, x], params };
    }
    default: {
      const alike = shapes.every((shape) => sameShape(shape, first));
      if (!alike || !byElementOrRow.has(name.replace(/Backward$/, ''))) return undefined;
      const shrink = (shape: Shape): number[] =>
        shape.map((d, i) => (i < shape.length - 1 ? cut(d, most) : d));
      return { shapes: shapes.map(shrink), params };
    }
  }
}

/** One item of a batch of images, with other heights and widths. */
const plane = ([, c]: Shape, h: number, w: number): Shape => [1, c, h, w];

const byElementOrRow = new Set([
  ...Object.keys(unary),
  ...['add', 'sub', 'mul', 'div', 'lincomb', 'clamp', 'softmax'],
]);
