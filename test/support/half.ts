import type { Backend } from '../../src/kernels/index.js';
import { onGpu } from './gpu.js';
import { gpuBackend } from './kernelLaw.js';

/** A test body on a device that has half precision; skipped on others. */
export const onHalf = (body: (backend: Backend) => Promise<void>): Mocha.AsyncFunc =>
  async function (this: Mocha.Context) {
    const has = { half: false };
    await onGpu(async (opened) => {
      const backend = gpuBackend(opened);
      has.half = backend.half;
      if (has.half) await body(backend);
    }).call(this);
    if (!has.half) this.skip();
  };
