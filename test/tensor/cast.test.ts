import { expect } from 'chai';
import { DeviceError, PlanningBackend } from '../../src/kernels/index.js';
import { GpuBackend } from '../../src/kernels/runtime/gpuBackend.js';
import {
  cast,
  CpuBackend,
  grad,
  mean,
  Replay,
  square,
  tensor,
  variable,
  type Tensor,
} from '../../src/tensor/index.js';
import { random } from '../support/arbitraries.js';
import { gradcheck } from '../support/gradcheck.js';
import { onGpu } from '../support/gpu.js';
import { onHalf } from '../support/half.js';

describe('cast', () => {
  it('is the identity in float64, and so is its gradient', async () => {
    const x = random(new CpuBackend(), [3, 5], 1);
    expect(await cast(x, 'f16').read()).to.deep.equal(await x.read());
    await gradcheck((x) => cast(square(x), 'f16'), [x], 2);
  });

  it('leaves what is of that type alone', () => {
    const x = random(new CpuBackend(), [3], 1);
    expect(cast(x, 'f32')).to.equal(x);
  });

  it('takes half the memory, which plans know', () => {
    const backend = new PlanningBackend();
    const x = tensor(backend, [4096], new Float64Array(4096));
    expect(backend.memory().bytes).to.equal(4 * 4096);
    cast(x, 'f16');
    expect(backend.memory().bytes).to.equal((4 + 2) * 4096);
  });

  it(
    'rounds to eleven bits on a device, and the gradient comes back as f32',
    onHalf(async (backend) => {
      const x = variable(tensor(backend, [4], [1, 1 + 2 ** -10, 1 + 2 ** -20, 3.5]));
      const half = cast(x, 'f16');
      const y = square(half);
      expect([half.storage.type, y.storage.type]).to.deep.equal(['f16', 'f16']);
      expect(Array.from(await half.read())).to.deep.equal([1, 1 + 2 ** -10, 1, 3.5]);
      const [g] = grad(mean(y), [x]);
      expect(g.storage.type).to.equal('f32');
      expect(Array.from(await g.read())).to.deep.equal([0.5, (1 + 2 ** -10) / 2, 0.5, 1.75]);
    }),
  );

  it(
    'is replayed, and a part of an f16 memory is read where it lies',
    onHalf(async (backend) => {
      const x = tensor(backend, [2], [0.5, 3]);
      const squared = new Replay(backend, ([x]: Tensor[]) => [cast(square(cast(x, 'f16')), 'f32')]);
      for (let i = 0; i < 3; i++) {
        const [y] = squared.run([x]);
        expect(Array.from(await y.read())).to.deep.equal([0.25, 9]);
      }
      const counted = Array.from({ length: 200 }, (_, i) => i);
      const part = backend.part(cast(tensor(backend, [200], counted), 'f16').storage, 128, 5);
      expect(part.type).to.equal('f16');
      expect(Array.from(await backend.read(part))).to.deep.equal([128, 129, 130, 131, 132]);
    }),
  );

  it(
    'is refused by a device without half precision',
    onGpu((opened) => {
      const backend = new GpuBackend({ ...opened, features: [] });
      const x = tensor(backend, [1], [1]);
      expect(() => cast(x, 'f16')).to.throw(DeviceError, 'shader-f16');
      return Promise.resolve();
    }),
  );
});
