import fc from 'fast-check';
import { sizeOf, type Shape } from '../../src/kernels/index.js';
import { moments, momentsMerge } from '../../src/kernels/moments.js';
import {
  normalize,
  normalizeBackward,
  normalizeSiluBackward,
  normalizeSums,
} from '../../src/kernels/normalize.js';
import { normalizeGammaGrad } from '../../src/kernels/normalizeGammaGrad.js';
import { seed, shape, size, values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

/** x as [outer, len, inner], and how its elements belong to channels. */
interface Case {
  readonly view: Shape;
  readonly channels: number;
  readonly span: number;
}

const layerNorm = shape(3, 20, 12).map((view): Case => ({ view, channels: view[1], span: view[2] }));
const groupNorm = fc.tuple(size(3), size(3), size(8), size(20)).map(([n, groups, each, pixels]): Case => ({
  view: [n * groups, each * pixels, 1],
  channels: groups * each,
  span: pixels,
}));
const both = fc.oneof(layerNorm, groupNorm);
/** Columns enough for a software driver to take several of them at once: 5, 3 and 2. */
const many = fc
  .constantFrom<Shape>([1280, 8, 1], [3, 8, 256], [514, 5, 1])
  .map((view): Case => ({ view, channels: view[1], span: view[2] }));
const chunks = fc.constantFrom(8, 20, Infinity);
const eps = Math.fround(1e-5);

/** Moments as they come out of the kernels: any means, variances well above 0. */
const someMoments = (columns: number, inner: number, s: number): Float64Array =>
  values(s, 2 * columns).map((v, i) => (Math.floor(i / inner) % 2 === 0 ? v : 0.1 + Math.abs(v)));

describe('normalisation kernels', () => {
  it(
    'moments: WGSL and reference agree',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(both, chunks, seed, async ({ view }, most, s) => {
          const [outer, len, inner] = view;
          const chunk = Math.min(most, len);
          await kernelLaw(opened, moments, [values(s, sizeOf(view), -1, 3)], [view], { chunk });
          const parts = [outer, Math.ceil(len / chunk), 2, inner];
          const pairs = someMoments(sizeOf(parts) / 2, inner, s);
          await kernelLaw(opened, momentsMerge, [pairs], [parts], { chunk, len });
        }),
        { numRuns: 40 },
      ),
    ),
  );

  it(
    'forward: WGSL and reference agree',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(fc.oneof(both, many), seed, async ({ view, channels, span }, s) => {
          const [outer, , inner] = view;
          const x = values(s, sizeOf(view));
          const stats = someMoments(outer * inner, inner, s + 1);
          const [gamma, beta] = [values(s + 2, channels), values(s + 3, channels)];
          const shapes = [view, [outer, 1, 2, inner], [channels], [channels]];
          const inputs = [x, stats, gamma, beta];
          await kernelLaw(opened, normalize, inputs, shapes, { span, eps });
          await kernelLaw(opened, normalize, inputs, shapes, { span, eps, then: 'silu' });
          const g = values(s + 4, sizeOf(view));
          await kernelLaw(opened, normalizeSiluBackward, [...inputs, g], [...shapes, view], { span, eps });
        }),
        { numRuns: 60 },
      ),
    ),
  );

  it(
    'backward: WGSL and reference agree',
    onGpu((opened) =>
      fc.assert(
        fc.asyncProperty(both, chunks, seed, async ({ view, channels, span }, most, s) => {
          const [outer, len, inner] = view;
          const columns = [outer, 1, 2, inner];
          const [x, g] = [values(s, sizeOf(view)), values(s + 1, sizeOf(view))];
          const stats = someMoments(outer * inner, inner, s + 2);
          const gamma = values(s + 3, channels);
          const params = { span, eps };
          const shapes = [view, columns, [channels], view];
          const chunk = Math.min(most, len);
          const ofGamma = {
            ...params,
            channels,
            chunk: Math.min(most, span > 1 ? span : sizeOf(view) / channels),
          };
          await kernelLaw(opened, normalizeGammaGrad, [x, stats, g], [view, columns, view], ofGamma);
          await kernelLaw(opened, normalizeSums, [x, stats, gamma, g], shapes, { ...params, chunk });
          const sums = values(s + 4, sizeOf(columns));
          await kernelLaw(
            opened,
            normalizeBackward,
            [x, stats, gamma, g, sums],
            [...shapes, columns],
            params,
          );
        }),
        { numRuns: 60 },
      ),
    ),
  );
});
