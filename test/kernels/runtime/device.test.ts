import { expect } from 'chai';
import { kindOf, type AdapterIdentity } from '../../../src/kernels/runtime/adapters.js';
import { featureNames, limitNames } from '../../../src/kernels/runtime/adapterReport.js';
import {
  deviceChoice,
  deviceChoices,
  DeviceError,
  listAdapters,
  openDevice,
  type OpenedDevice,
} from '../../../src/kernels/runtime/device.js';
import { settle } from '../../../src/kernels/runtime/wait.js';
import { onGpu } from '../../support/gpu.js';

const identity = (info: Partial<AdapterIdentity>): AdapterIdentity => ({
  vendor: '',
  architecture: '',
  device: '',
  isFallbackAdapter: false,
  ...info,
});

/** Runs y = 2x + 1 over `x` in the plainest way there is. */
async function runTrivialKernel({ device, software }: OpenedDevice, x: Float32Array): Promise<Float32Array> {
  const code = `
    @group(0) @binding(0) var<storage, read_write> x: array<f32>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
      if (id.x < arrayLength(&x)) { x[id.x] = 2.0 * x[id.x] + 1.0; }
    }`;
  const compute = { module: device.createShaderModule({ code }) };
  const pipeline = device.createComputePipeline({ layout: 'auto', compute });
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const buffer = device.createBuffer({ size: x.byteLength, usage: STORAGE | COPY_SRC | COPY_DST });
  const readback = device.createBuffer({ size: x.byteLength, usage: COPY_DST | MAP_READ });
  const entries = [{ binding: 0, resource: { buffer } }];
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  device.queue.writeBuffer(buffer, 0, Float32Array.from(x));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(Math.ceil(x.length / 64));
  pass.end();
  encoder.copyBufferToBuffer(buffer, 0, readback, 0, x.byteLength);
  device.queue.submit([encoder.finish()]);
  await settle(readback.mapAsync(GPUMapMode.READ), software);
  const y = new Float32Array(readback.getMappedRange().slice(0));
  buffer.destroy();
  readback.destroy();
  return y;
}

async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('deviceChoice', () => {
  it('takes every choice and refuses others with the list of them', () => {
    for (const choice of deviceChoices) expect(deviceChoice(choice)).to.equal(choice);
    expect(() => deviceChoice('cuda')).to.throw(
      DeviceError,
      /auto, gpu, lavapipe, swiftshader, cpu, got 'cuda'/,
    );
  });
});

describe('kindOf', () => {
  it('tells hardware from the software drivers', () => {
    const lavapipe = { vendor: 'mesa', architecture: 'software', device: 'llvmpipe-llvm-15-0-6-256-bits-' };
    const swiftshader = {
      vendor: 'google',
      architecture: 'swiftshader',
      device: 'swiftshader-device-subzero-',
    };
    const card = { vendor: 'nvidia', architecture: 'ampere', device: 'nvidia-rtx-a4000' };
    expect(kindOf(identity({ ...lavapipe, isFallbackAdapter: true }))).to.equal('lavapipe');
    expect(kindOf(identity({ ...swiftshader, isFallbackAdapter: true }))).to.equal('swiftshader');
    expect(kindOf(identity(card))).to.equal('gpu');
  });

  it('refuses the null backend, which returns garbage silently, and unknown software', () => {
    expect(kindOf(identity({ device: 'null-backend' }))).to.equal(undefined);
    expect(kindOf(identity({}))).to.equal(undefined);
    expect(kindOf(identity({ vendor: 'microsoft', isFallbackAdapter: true }))).to.equal(undefined);
  });
});

describe('openDevice', () => {
  it('leaves the CPU to the caller', async () => {
    expect(await openDevice('cpu')).to.equal(undefined);
  });

  it(
    'gives a device that computes',
    onGpu(async (opened) => {
      const x = Float32Array.from({ length: 1000 }, (_, i) => i);
      const y = await runTrivialKernel(opened, x);
      expect([...y]).to.deep.equal([...x].map((v) => 2 * v + 1));
      expect(opened.description)
        .to.match(/^\S.*\S$/)
        .and.not.include('\n');
      expect(opened.software).to.equal(opened.kind !== 'gpu');
    }),
  );

  it(
    'opens it with all that the adapter offers',
    onGpu(async ({ device, kind, limits, features, subgroups }) => {
      const report = (await listAdapters()).find((entry) => entry.kind === kind);
      if (!report?.available) throw new Error(`${kind} is open and reported as missing`);
      expect(limits).to.deep.equal(report.limits).and.to.have.all.keys(limitNames);
      expect(limits.maxStorageBuffersPerShaderStage).to.be.at.least(8);
      expect(features).to.deep.equal(report.features);
      expect(featureNames.filter((name) => device.features.has(name))).to.deep.equal(features);
      expect(subgroups !== undefined).to.equal(features.includes('subgroups'));
      if (subgroups) expect(subgroups.min).to.be.within(1, subgroups.max);
    }),
  );

  it(
    'check() throws once for an error that no scope caught',
    onGpu(async (opened) => {
      // A scope hides errors from check(), so this needs a device without one.
      const other = await openDevice(opened.kind);
      if (!other) throw new Error('no second device');
      other.check();
      other.device.createBuffer({ size: 16, usage: 0 });
      await settle(other.device.queue.onSubmittedWorkDone(), other.software);
      expect(() => other.check()).to.throw(DeviceError, /Buffer usages must not be 0/);
      other.check();
      other.device.destroy();
      expect((await other.device.lost).reason).to.equal('destroyed');
      other.check();
    }),
  );
});

describe('listAdapters', () => {
  it('says of each kind what it is or what to install, and openDevice agrees', async () => {
    const reports = await listAdapters();
    expect(reports.map(({ kind }) => kind)).to.deep.equal(['gpu', 'lavapipe', 'swiftshader']);
    for (const report of reports) {
      if (report.available) {
        const opened = await openDevice(report.kind);
        expect(opened).to.include({ kind: report.kind, description: report.description });
        opened?.device.destroy();
      } else {
        expect(report.reason).to.match(/^\S.+/).and.not.include('\n');
        const error = await thrownBy(openDevice(report.kind));
        expect(error).to.be.instanceOf(DeviceError);
        expect(String(error)).to.include(report.reason).and.include(report.kind);
      }
    }
  });
});
