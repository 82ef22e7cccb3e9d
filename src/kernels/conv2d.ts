/**
 * Two-dimensional convolution (cross-correlation, as every network library has it), zero padding.
 *
 *   y[n, o, r, c] = b[o] + Σ_{i, u, v} w[o, i, u, v] x[n, i', r s + u − p, c s + v − p]
 *
 * x [n, ci, h, w], w [co, ci/groups, kh, kw], b [co]; i' runs over the channels of o's group; s is the stride,
 * p the padding. The gradients are the adjoints of the same sum; the one by w comes per batch item,
 * [n, co, ci/groups, kh, kw], to be summed over n, so that the device has enough to do at once.
 *
 * Variants, by shape and kind of device: of 3 × 3 with stride 1 and padding 1 in `conv3x3.ts`, of all others in
 * `convGather.ts`.
 */
import { conv3x3, conv3x3WeightGrad, depthwise3x3, depthwise3x3WeightGrad } from './conv3x3.js';
import { convGather, convGatherWeightGrad } from './convGather.js';
import type { Kernel } from './kernel.js';
import { dims, ShapeError, sizeOf, type Shape } from './shape.js';

export interface Conv2dParams {
  readonly stride: number;
  readonly padding: number;
  readonly groups: number;
}

/** The gradient by x must be told the size of x: with a stride, several sizes give the same output. */
export interface Conv2dInputGradParams extends Conv2dParams {
  readonly height: number;
  readonly width: number;
}

/** The gradient by w must be told the size of the kernel. */
export interface Conv2dWeightGradParams extends Conv2dParams {
  readonly kernelHeight: number;
  readonly kernelWidth: number;
}

/** All sizes of one convolution. */
export interface ConvSizes extends Conv2dParams {
  readonly n: number;
  readonly ci: number;
  readonly h: number;
  readonly w: number;
  readonly co: number;
  readonly kh: number;
  readonly kw: number;
  readonly ho: number;
  readonly wo: number;
}

function sizesOf(x: Shape, weight: Shape, params: Conv2dParams): ConvSizes {
  const { stride, padding, groups } = params;
  const { n, ci, h, w } = dims('conv2d: x', x, 'n ci h w');
  const { co, kh, kw } = dims('conv2d: w', weight, 'co ig kh kw', { ig: ci / groups });
  if (co % groups !== 0) throw new ShapeError('conv2d', `output channels in ${groups} equal groups`, weight);
  const ho = Math.floor((h + 2 * padding - kh) / stride) + 1;
  const wo = Math.floor((w + 2 * padding - kw) / stride) + 1;
  if (ho < 1 || wo < 1) throw new ShapeError('conv2d', 'x at least as large as the kernel', x, weight);
  return { ...params, n, ci, h, w, co, kh, kw, ho, wo };
}

/** Visits every product of the sum, as indices into y, x and w. */
function products(s: ConvSizes, visit: (y: number, x: number, w: number) => void): void {
  const [ig, og] = [s.ci / s.groups, s.co / s.groups];
  for (let y = 0; y < s.n * s.co * s.ho * s.wo; y++) {
    const [c, r] = [y % s.wo, Math.floor(y / s.wo) % s.ho];
    const [o, n] = [Math.floor(y / (s.wo * s.ho)) % s.co, Math.floor(y / (s.wo * s.ho * s.co))];
    for (let i = 0; i < ig; i++) {
      const channel = n * s.ci + Math.floor(o / og) * ig + i;
      for (let u = 0; u < s.kh; u++) {
        const row = r * s.stride + u - s.padding;
        if (row < 0 || row >= s.h) continue;
        for (let v = 0; v < s.kw; v++) {
          const column = c * s.stride + v - s.padding;
          if (column < 0 || column >= s.w) continue;
          visit(y, (channel * s.h + row) * s.w + column, ((o * ig + i) * s.kh + u) * s.kw + v);
        }
      }
    }
  }
}

const is3x3 = (s: ConvSizes): boolean => s.kh === 3 && s.kw === 3 && s.stride === 1 && s.padding === 1;
const isDepthwise = (s: ConvSizes): boolean => is3x3(s) && s.groups === s.ci && s.co === s.ci;

export const conv2dForward: Kernel<Conv2dParams> = {
  name: 'conv2d',
  outShape([x, w, b], params) {
    const { n, co, ho, wo } = sizesOf(x, w, params);
    dims('conv2d: b', b, 'co', { co });
    return [n, co, ho, wo];
  },
  launch([x, w], params, traits) {
    const s = sizesOf(x, w, params);
    if (isDepthwise(s)) return depthwise3x3(s, 'forward', traits);
    if (is3x3(s)) return conv3x3(s, 'forward', traits);
    return convGather(s, 'forward', traits);
  },
  reference([x, w, b], [sx, sw], params) {
    const s = sizesOf(sx, sw, params);
    const y = new Float64Array(s.n * s.co * s.ho * s.wo).map(
      (_, i) => b[Math.floor(i / (s.ho * s.wo)) % s.co],
    );
    products(s, (iy, ix, iw) => (y[iy] += w[iw] * x[ix]));
    return y;
  },
  roundings: ([, w]) => sizeOf(w.slice(1)) + 1,
  multiplyAdds: (shapes, params) =>
    sizeOf(conv2dForward.outShape(shapes, params)) * sizeOf(shapes[1].slice(1)),
  errorScale: ([x, w, b], shapes, params) =>
    conv2dForward.reference([x.map(Math.abs), w.map(Math.abs), b.map(Math.abs)], shapes, params),
};

/** ∂L/∂x from g = ∂L/∂y [n, co, ho, wo] and w. */
export const conv2dInputGrad: Kernel<Conv2dInputGradParams> = {
  name: 'conv2dInputGrad',
  outShape: ([g, w], { height, width, groups }) => [g[0], w[1] * groups, height, width],
  launch(shapes, params, traits) {
    const s = sizesOf(conv2dInputGrad.outShape(shapes, params), shapes[1], params);
    if (isDepthwise(s)) return depthwise3x3(s, 'inputGrad', traits);
    if (is3x3(s)) return conv3x3(s, 'inputGrad', traits);
    return convGather(s, 'inputGrad', traits);
  },
  reference([g, w], shapes, params) {
    const shape = conv2dInputGrad.outShape(shapes, params);
    const gx = new Float64Array(sizeOf(shape));
    products(sizesOf(shape, shapes[1], params), (iy, ix, iw) => (gx[ix] += w[iw] * g[iy]));
    return gx;
  },
  // A pixel meets every stride-th tap of a row and of a column.
  roundings: ([, w], { groups, stride }) =>
    (w[0] / groups) * Math.ceil(w[2] / stride) * Math.ceil(w[3] / stride) + 1,
  multiplyAdds: ([g, w]) => sizeOf(g) * sizeOf(w.slice(1)),
  errorScale: ([g, w], shapes, params) =>
    conv2dInputGrad.reference([g.map(Math.abs), w.map(Math.abs)], shapes, params),
};

/** ∂L/∂w for each batch item, from g = ∂L/∂y [n, co, ho, wo] and x. */
export const conv2dWeightGrad: Kernel<Conv2dWeightGradParams> = {
  name: 'conv2dWeightGrad',
  resultType: () => 'f32',
  outShape: ([g, x], { groups, kernelHeight, kernelWidth }) => [
    g[0],
    g[1],
    x[1] / groups,
    kernelHeight,
    kernelWidth,
  ],
  launch(shapes, params, traits) {
    const shape = conv2dWeightGrad.outShape(shapes, params);
    const s = sizesOf(shapes[1], shape.slice(1), params);
    if (isDepthwise(s)) return depthwise3x3WeightGrad(s);
    if (is3x3(s)) return conv3x3WeightGrad(s, traits);
    return convGatherWeightGrad(s, traits);
  },
  reference([g, x], shapes, params) {
    const shape = conv2dWeightGrad.outShape(shapes, params);
    const s = sizesOf(shapes[1], shape.slice(1), params);
    const gw = new Float64Array(sizeOf(shape));
    const [perItem, perOutput] = [gw.length / s.n, s.co * s.ho * s.wo];
    products(s, (iy, ix, iw) => (gw[Math.floor(iy / perOutput) * perItem + iw] += g[iy] * x[ix]));
    return gw;
  },
  roundings: ([g]) => g[2] * g[3] + 1,
  multiplyAdds: ([g, x], { groups, kernelHeight, kernelWidth }) =>
    (sizeOf(g) * x[1] * kernelHeight * kernelWidth) / groups,
  errorScale: ([g, x], shapes, params) =>
    conv2dWeightGrad.reference([g.map(Math.abs), x.map(Math.abs)], shapes, params),
};
