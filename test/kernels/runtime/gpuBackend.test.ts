import { expect } from 'chai';
import { DeviceError, type Backend, type Kernel, type Storage } from '../../../src/kernels/index.js';
import { unaryForward } from '../../../src/kernels/elementwise.js';
import { lincomb } from '../../../src/kernels/lincomb.js';
import { matmul } from '../../../src/kernels/matmul.js';
import { sizeClass } from '../../../src/kernels/runtime/bufferPool.js';
import { openDevice } from '../../../src/kernels/runtime/device.js';
import { GpuBackend } from '../../../src/kernels/runtime/gpuBackend.js';
import { onGpu } from '../../support/gpu.js';

const shape = [1024];
const two = {};
/** By a kernel that joins no other. */
const twice = (backend: Backend, x: Storage): Storage =>
  backend.run(matmul, [x, backend.constant(two, () => [2])], [[1024, 1], [1, 1]], { ta: false, tb: false }); // prettier-ignore

describe('GpuBackend', () => {
  it(
    'reuses buffers: a chain of any length needs two, and the same step the same ones',
    onGpu(async (opened) => {
      const backend = new GpuBackend(opened);
      const x = backend.upload(new Float32Array(1024).fill(1));
      const step = (): Storage =>
        backend.scope(
          () => {
            let y = x;
            for (let i = 0; i < 30; i++) y = twice(backend, y);
            return y;
          },
          (y) => [y],
        );
      const first = step();
      const { reserved } = backend.memory();
      expect(reserved).to.equal(3 * 4096 + 16); // x, two that take turns, and the factor
      expect((await backend.read(first))[7]).to.equal(2 ** 30);
      backend.free(first);
      for (let i = 0; i < 5; i++) backend.free(step());
      expect(backend.memory().reserved).to.equal(reserved);
      await backend.sync();
    }),
  );

  it(
    'makes no bind group for a step that came before',
    onGpu(async (opened) => {
      const backend = new GpuBackend(opened);
      let made = 0;
      const createBindGroup = opened.device.createBindGroup.bind(opened.device);
      opened.device.createBindGroup = (descriptor) => {
        made++;
        return createBindGroup(descriptor);
      };
      const x = backend.upload(new Float32Array(1024).fill(1));
      const step = (): void => {
        const y = backend.scope(
          () => twice(backend, twice(backend, x)),
          (y) => [y],
        );
        backend.free(y);
      };
      try {
        for (let i = 0; i < 5; i++) step();
        const before = made;
        expect(before).to.be.greaterThan(1);
        for (let i = 0; i < 5; i++) step();
        expect(made).to.equal(before);
      } finally {
        Reflect.deleteProperty(opened.device, 'createBindGroup'); // the prototype's shows again
      }
      await backend.sync();
    }),
  );

  it(
    'does not run what nobody needs',
    onGpu(async (opened) => {
      const backend = new GpuBackend(opened);
      const x = backend.upload(new Float32Array(1024));
      backend.scope(
        () => {
          for (let i = 0; i < 3; i++) backend.run(unaryForward.exp, [x], [shape], undefined);
          expect(backend.memory().tensors, 'asked for').to.equal(4);
        },
        () => [],
      );
      expect(backend.memory().tensors, 'left').to.equal(1);
      expect(backend.memory().reserved).to.equal(4096); // no buffer was made for any output
      await backend.sync();
    }),
  );

  it(
    'refuses a tensor that has outlived its scope',
    onGpu(async (opened) => {
      const backend = new GpuBackend(opened);
      const x = backend.upload(new Float32Array(1024));
      let leaked = x;
      backend.scope(
        () => (leaked = twice(backend, x)),
        () => [],
      );
      const failure = await backend.read(leaked).catch((error: unknown) => error);
      expect(String(failure)).to.include('after its scope had ended');
    }),
  );

  it(
    'gives memory back with the last storage that lies in it, and not before',
    onGpu(async (opened) => {
      const backend = new GpuBackend(opened);
      const x = backend.upload(Float32Array.from({ length: 1024 }, (_, i) => i));
      const part = backend.part(x, 128, 3);
      expect(backend.memory()).to.include({ tensors: 2, bytes: 4096 });
      backend.free(x);
      backend.upload(new Float32Array(1024)); // takes the buffer if that is free by mistake
      expect(backend.memory()).to.include({ tensors: 2, bytes: 8192, reserved: 8192 });
      expect([...(await backend.read(part))]).to.deep.equal([128, 129, 130]);
      const y = backend.run(lincomb, [part], [[3]], { coefficients: [2], bias: 0 });
      expect([...(await backend.read(y))]).to.deep.equal([256, 258, 260]);
      backend.free(part);
      backend.upload(new Float32Array(1024));
      expect(backend.memory().reserved, 'reused').to.equal(8192 + 16);
    }),
  );

  it(
    'finds the whole of all its parts, and of no others',
    onGpu(async (opened) => {
      const backend = new GpuBackend(opened);
      const [x, other] = [1, 2].map((k) => backend.upload(new Float32Array(192).fill(k)));
      const parts = [0, 64, 128].map((offset) => backend.part(x, offset, 40));
      const whole = backend.whole(parts, [0, 64, 128], 192);
      expect(whole?.size).to.equal(192);
      if (whole) expect([...(await backend.read(whole))]).to.deep.equal(new Array(192).fill(1));
      const stranger = backend.part(other, 64, 40);
      expect(backend.whole([parts[0], stranger, parts[2]], [0, 64, 128], 192)).to.equal(undefined);
      expect(backend.whole(parts, [0, 64, 128], 191)).to.equal(undefined);
      expect(backend.whole(parts.slice(1), [0, 64], 192)).to.equal(undefined);
    }),
  );

  it('names the limit that a tensor exceeds, before anything is allocated', async function () {
    const opened = await openDevice('auto');
    if (!opened) this.skip();
    const backend = new GpuBackend(opened);
    const most = Math.min(
      opened.device.limits.maxStorageBufferBindingSize,
      opened.device.limits.maxBufferSize,
    );
    const huge = new Float32Array(1024);
    Object.defineProperty(huge, 'length', { value: most });
    expect(() => backend.upload(huge)).to.throw(DeviceError, /does not fit: .* allows .* MiB per buffer/);
    backend.close();
  });

  it('ends in a DeviceError when WGSL does not compile: no silent zeros', async function () {
    const opened = await openDevice('auto');
    if (!opened) this.skip();
    const backend = new GpuBackend(opened);
    const broken: Kernel = {
      ...unaryForward.exp,
      name: 'broken',
      launch: (...args) => ({ ...unaryForward.exp.launch(...args), wgsl: 'this is no WGSL' }),
    };
    const y = backend.run(broken, [backend.upload(new Float32Array(1024))], [shape], undefined);
    const failure = await backend.read(y).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(DeviceError);
    expect(String(failure)).to.include('broken');
    backend.close();
  });

  it('rounds sizes up by an eighth at most', () => {
    for (let bytes = 1; bytes < 1e6; bytes = Math.ceil(bytes * 1.07)) {
      expect(sizeClass(bytes)).to.be.at.least(bytes);
      expect(sizeClass(bytes) % 16).to.equal(0);
      if (bytes >= 128) expect(sizeClass(bytes)).to.be.at.most(1.125 * bytes + 16);
    }
  });
});
