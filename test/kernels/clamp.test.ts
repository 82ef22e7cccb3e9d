import { clampBackward, clampForward } from '../../src/kernels/clamp.js';
import { values } from '../support/arbitraries.js';
import { onGpu } from '../support/gpu.js';
import { kernelLaw } from '../support/kernelLaw.js';

describe('clamp kernels', () => {
  it(
    'WGSL and references agree',
    onGpu(async (opened) => {
      const [x, g] = [values(1, 37), values(2, 37)];
      const bounds = { low: -0.75, high: 0.5 };
      await kernelLaw(opened, clampForward, [x], [[37]], bounds);
      await kernelLaw(opened, clampBackward, [x, g], [[37], [37]], bounds);
    }),
  );
});
