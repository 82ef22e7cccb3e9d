import type { Launch } from '../kernel.js';
import { collectGarbage } from './garbage.js';
import type { DeviceBuffer } from './gpuBackend.js';
import type { Step } from './work.js';

/** Every uniform block starts at a multiple of this (WebGPU's guaranteed alignment), and is no longer. */
const UNIFORM_SLOT = 256;

/** Dispatches per submit: enough to hide the cost of one, few enough for the device to start early. */
const BATCH = 64;

/**
 * Bind groups that may be made before those that nobody needs any more are collected, and the cache starts anew. On
 * lavapipe each bind group, while its wrapper waits for the garbage collector, holds one of the 65,530 memory maps that
 * Linux allows a process.
 */
const MOST_BIND_GROUPS = 1 << 14;

/** Uniform blocks of work that comes once, one slot after the other. */
interface Passing {
  readonly uniforms: GPUBuffer;
  /** Bind groups that show a slot of it, by the slot and the buffers that they show besides. */
  readonly groups: Map<string, GPUBindGroup>;
}

/** A dispatch with all that WebGPU wants to know. */
interface Call {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly workgroups: Launch['workgroups'];
}

/**
 * Turns steps into submitted commands: pipelines are cached by source and constants, bind groups by
 * buffers, and the uniform blocks of a whole batch of work go up in one write.
 *
 * A bind group shows one slot of the uniforms. Dynamic offsets would need fewer groups, but each costs lavapipe as much
 * as a third of a small dispatch.
 */
export class Encoder {
  private readonly layouts = new Map<number, GPUBindGroupLayout>();
  private readonly pipelines = new Map<string, Map<string, GPUComputePipeline>>();
  private passing: Passing | undefined;
  /** Bind groups made since the last garbage collection. */
  private made = 0;

  constructor(private readonly device: GPUDevice) {}

  /** Submits steps that come once. */
  submit(steps: readonly Step<DeviceBuffer>[]): void {
    const blocks = uniformBlocks(steps);
    if (!this.passing || this.passing.uniforms.size < blocks.length) {
      this.passing?.uniforms.destroy();
      this.passing = { uniforms: this.uniforms(2 * blocks.length), groups: new Map<string, GPUBindGroup>() };
    }
    const { passing } = this;
    this.device.queue.writeBuffer(passing.uniforms, 0, blocks);
    this.encode(steps.length, (i) => this.call(steps[i], this.passingGroup(steps[i], i, passing)));
  }

  /** Steps that come again and again: only the commands are encoded anew each time, as WebGPU demands. */
  compile(steps: readonly Step<DeviceBuffer>[]): { run(): void; destroy(): void } {
    const blocks = uniformBlocks(steps);
    const uniforms = this.uniforms(blocks.length);
    this.device.queue.writeBuffer(uniforms, 0, blocks);
    const calls = steps.map((step, i) => this.call(step, this.bindGroup(step, i, uniforms)));
    return {
      run: () => this.encode(calls.length, (i) => calls[i]),
      destroy: () => uniforms.destroy(),
    };
  }

  destroy(): void {
    this.passing?.uniforms.destroy();
  }

  private uniforms(bytes: number): GPUBuffer {
    return this.device.createBuffer({ size: bytes, usage: GPU_UNIFORM | GPU_COPY_DST });
  }

  private encode(count: number, call: (i: number) => Call): void {
    for (let first = 0; first < count; first += BATCH) {
      const commands = this.device.createCommandEncoder();
      const pass = commands.beginComputePass();
      let current: GPUComputePipeline | undefined;
      for (let i = first; i < Math.min(first + BATCH, count); i++) {
        const { pipeline, group, workgroups } = call(i);
        if (pipeline !== current) pass.setPipeline((current = pipeline));
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2]);
      }
      pass.end();
      this.device.queue.submit([commands.finish()]);
    }
  }

  private call({ op: { kernel, launch }, bindings }: Step<DeviceBuffer>, group: GPUBindGroup): Call {
    return {
      pipeline: this.pipeline(kernel.name, launch, bindings.length),
      group,
      workgroups: launch.workgroups,
    };
  }

  private layout(storages: number): GPUBindGroupLayout {
    const known = this.layouts.get(storages);
    if (known) return known;
    const storage = (binding: number): GPUBindGroupLayoutEntry => ({
      binding,
      visibility: GPU_COMPUTE,
      buffer: { type: binding === storages - 1 ? 'storage' : 'read-only-storage' },
    });
    const uniform: GPUBindGroupLayoutEntry = {
      binding: storages,
      visibility: GPU_COMPUTE,
      buffer: { type: 'uniform' },
    };
    const entries = [...Array.from({ length: storages }, (_, i) => storage(i)), uniform];
    const layout = this.device.createBindGroupLayout({ entries });
    this.layouts.set(storages, layout);
    return layout;
  }

  private pipeline(name: string, { wgsl, constants = {} }: Launch, storages: number): GPUComputePipeline {
    let variants = this.pipelines.get(wgsl);
    if (!variants) this.pipelines.set(wgsl, (variants = new Map<string, GPUComputePipeline>()));
    let key = '';
    for (const constant in constants) key += `${constant}=${constants[constant]},`;
    const known = variants.get(key);
    if (known) return known;
    const pipeline = this.device.createComputePipeline({
      label: name,
      layout: this.device.createPipelineLayout({ bindGroupLayouts: [this.layout(storages)] }),
      compute: {
        module: this.device.createShaderModule({ label: name, code: wgsl }),
        entryPoint: 'main',
        constants,
      },
    });
    variants.set(key, pipeline);
    return pipeline;
  }

  /** The bind group of work that comes once: as often as not, work like it came before. */
  private passingGroup(step: Step<DeviceBuffer>, slot: number, { uniforms, groups }: Passing): GPUBindGroup {
    let key = `${slot}:`;
    for (const { buffer, offset, bytes } of step.bindings)
      key += bytes === undefined ? `${buffer.id},` : `${buffer.id}+${offset}:${bytes},`;
    const known = groups.get(key);
    if (known) return known;
    const group = this.bindGroup(step, slot, uniforms);
    groups.set(key, group);
    return group;
  }

  /** Shows the buffers of a step and a slot of the uniforms. */
  private bindGroup({ bindings }: Step<DeviceBuffer>, slot: number, uniforms: GPUBuffer): GPUBindGroup {
    if (++this.made > MOST_BIND_GROUPS) {
      this.passing?.groups.clear();
      collectGarbage();
      this.made = 1;
    }
    const storages = bindings.map(({ buffer, offset = 0, bytes }, binding) => ({
      binding,
      resource: { buffer: buffer.gpu, offset, ...(bytes === undefined ? {} : { size: bytes }) },
    }));
    const block = { buffer: uniforms, offset: UNIFORM_SLOT * slot, size: UNIFORM_SLOT };
    return this.device.createBindGroup({
      layout: this.layout(bindings.length),
      entries: [...storages, { binding: bindings.length, resource: block }],
    });
  }
}

/** The uniform blocks of steps, each in its slot. */
function uniformBlocks(steps: readonly Step<DeviceBuffer>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.max(1, steps.length) * UNIFORM_SLOT);
  steps.forEach(({ op: { launch } }, i) => {
    const block = launch.uniforms;
    if (block.byteLength > UNIFORM_SLOT) throw new RangeError(`a uniform block of ${block.byteLength} bytes`);
    bytes.set(new Uint8Array(block), i * UNIFORM_SLOT);
  });
  return bytes;
}

// GPUBufferUsage and GPUShaderStage, which Dawn's module defines as globals only once it is loaded.
const GPU_COPY_DST = 0x8;
const GPU_UNIFORM = 0x40;
const GPU_COMPUTE = 0x4;
