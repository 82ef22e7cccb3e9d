import { cast } from '../../src/kernels/cast.js';
import { values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

describe('cast kernel', () => {
  it(
    'WGSL and reference agree',
    onGpu(async (opened) => {
      await kernelLaw(opened, cast, [values(1, 37)], [[37]], { type: 'f32' });
    }),
  );
});
