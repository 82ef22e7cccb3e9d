import type { OpenedDevice } from '../src/kernels/runtime/device.js';
import { settle } from '../src/kernels/runtime/wait.js';

/** A kernel on buffers of its own, without any of our runtime between it and WebGPU. */
export interface RawKernel {
  /** Encodes it `times` times in one pass and submits that; does not wait. */
  readonly submit: (times: number) => void;
  /** Waits until all that was submitted is done. */
  readonly done: () => Promise<void>;
  /** What its last buffer holds; waits. */
  readonly read: () => Promise<Float32Array>;
}

/**
 * @param buffers what binding i of group 0 holds at first; the last one is the output
 * @param wgsl with entry point `main`
 */
export function rawKernel(
  { device, software }: OpenedDevice,
  wgsl: string,
  buffers: readonly Float32Array[],
  workgroups: readonly [number, number],
): RawKernel {
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const gpu = buffers.map((values) => {
    const buffer = device.createBuffer({ size: values.byteLength, usage: STORAGE | COPY_SRC | COPY_DST });
    device.queue.writeBuffer(buffer, 0, values);
    return buffer;
  });
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: wgsl }), entryPoint: 'main' },
  });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: gpu.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  const done = async (): Promise<void> => {
    await settle(device.queue.onSubmittedWorkDone(), software);
  };
  return {
    submit(times) {
      const commands = device.createCommandEncoder();
      const pass = commands.beginComputePass();
      for (let i = 0; i < times; i++) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(...workgroups);
      }
      pass.end();
      device.queue.submit([commands.finish()]);
    },
    done,
    async read() {
      const output = gpu.at(-1)!;
      const staging = device.createBuffer({ size: output.size, usage: MAP_READ | COPY_DST });
      const commands = device.createCommandEncoder();
      commands.copyBufferToBuffer(output, 0, staging, 0, output.size);
      device.queue.submit([commands.finish()]);
      await settle(staging.mapAsync(GPUMapMode.READ), software);
      const values = new Float32Array(staging.getMappedRange().slice(0));
      staging.destroy();
      return values;
    },
  };
}
