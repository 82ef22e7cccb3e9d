import type { Launch } from '../kernel.js';
import { BindGroups } from './bindGroups.js';
import type { DeviceBuffer } from './gpuBackend.js';
import type { Step } from './work.js';

/** Every uniform block starts at a multiple of this (WebGPU's guaranteed alignment), and is no longer. */
const UNIFORM_SLOT = 256;

/** Dispatches per submit: enough to hide the cost of one, few enough for the device to start early. */
const BATCH = 64;

/** A dispatch: all that does not change while its buffers stay the same. */
interface Call {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: Step<DeviceBuffer>['bindings'];
  readonly workgroups: Launch['workgroups'];
}

/** Uniform blocks, one slot after the other, and bind groups that show one of them beside the buffers of a step. */
interface Uniforms {
  readonly gpu: GPUBuffer;
  readonly groups: BindGroups;
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
  /** Those of work that comes once. */
  private passing: Uniforms | undefined;

  constructor(private readonly device: GPUDevice) {}

  /** Submits steps that come once. As often as not, steps like them came before, in the same place. */
  submit(steps: readonly Step<DeviceBuffer>[]): void {
    const blocks = uniformBlocks(steps);
    if (!this.passing || this.passing.gpu.size < blocks.length) {
      this.destroy();
      this.passing = this.uniforms(2 * blocks.length);
    }
    this.device.queue.writeBuffer(this.passing.gpu, 0, blocks);
    const calls = steps.map((step) => this.call(step));
    this.encode(calls, this.passing, (slot) => keyOf(slot, steps[slot]));
  }

  /** Steps that come again and again: only the commands are encoded anew each time, as WebGPU demands. */
  compile(steps: readonly Step<DeviceBuffer>[]): { run(): void; destroy(): void } {
    const blocks = uniformBlocks(steps);
    const uniforms = this.uniforms(blocks.length);
    this.device.queue.writeBuffer(uniforms.gpu, 0, blocks);
    const calls = steps.map((step) => this.call(step));
    return {
      run: () => this.encode(calls, uniforms, (slot) => slot),
      destroy: () => release(uniforms),
    };
  }

  destroy(): void {
    if (this.passing) release(this.passing);
  }

  private uniforms(bytes: number): Uniforms {
    const gpu = this.device.createBuffer({ size: bytes, usage: GPU_UNIFORM | GPU_COPY_DST });
    return { gpu, groups: new BindGroups() };
  }

  /** @param keyOf the key of the bind group of a slot */
  private encode(calls: readonly Call[], uniforms: Uniforms, keyOf: (slot: number) => string | number): void {
    const { groups } = uniforms;
    groups.use();
    for (let first = 0; first < calls.length; first += BATCH) {
      const commands = this.device.createCommandEncoder();
      const pass = commands.beginComputePass();
      let current: GPUComputePipeline | undefined;
      for (let slot = first; slot < Math.min(first + BATCH, calls.length); slot++) {
        const { pipeline, bindings, workgroups } = calls[slot];
        const key = keyOf(slot);
        const group = groups.get(key) ?? groups.keep(key, this.bindGroup(bindings, slot, uniforms.gpu));
        if (pipeline !== current) pass.setPipeline((current = pipeline));
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2]);
      }
      pass.end();
      this.device.queue.submit([commands.finish()]);
    }
  }

  private call({ op: { name, launch }, bindings }: Step<DeviceBuffer>): Call {
    const { workgroups } = launch;
    return { pipeline: this.pipeline(name, launch, bindings.length), bindings, workgroups };
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

  /** Shows buffers and a slot of the uniforms. */
  private bindGroup(bindings: Call['bindings'], slot: number, uniforms: GPUBuffer): GPUBindGroup {
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

function release({ gpu, groups }: Uniforms): void {
  gpu.destroy();
  groups.clear();
}

/** What the bind group of a step shows. */
function keyOf(slot: number, { bindings }: Step<DeviceBuffer>): string {
  let key = `${slot}:`;
  for (const { buffer, offset, bytes } of bindings)
    key += bytes === undefined ? `${buffer.id},` : `${buffer.id}+${offset}:${bytes},`;
  return key;
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
