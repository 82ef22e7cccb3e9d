import type { Launch } from '../kernel.js';
import type { PooledBuffer } from './bufferPool.js';
import { collectGarbage } from './garbage.js';

/** What one binding of a launch shows: a buffer, or bytes of it from an offset on. */
export interface Binding {
  readonly buffer: PooledBuffer;
  readonly offset?: number;
  readonly bytes?: number;
}

/** Every uniform block starts at a multiple of this (WebGPU's guaranteed alignment), and is no longer. */
const UNIFORM_SLOT = 256;

/** Dispatches per submit: enough to hide the cost of one, few enough for the device to start early. */
const BATCH = 64;

/**
 * Cached bind groups; beyond this the cache starts anew. On lavapipe each bind group, while its wrapper waits for
 * the garbage collector, holds one of the 65,530 memory maps that Linux allows a process.
 */
const MOST_BIND_GROUPS = 1 << 14;

/**
 * Turns launches into submitted commands: pipelines are cached by source and constants, bind groups by
 * buffers, and the uniform blocks of a whole batch of work go up in one write.
 */
export class Encoder {
  private readonly layouts = new Map<number, GPUBindGroupLayout>();
  private readonly pipelines = new Map<string, Map<string, GPUComputePipeline>>();
  private readonly bindGroups = new Map<string, GPUBindGroup>();
  private uniforms: GPUBuffer | undefined;
  private slot = 0;
  private inPass = 0;
  private commands: GPUCommandEncoder | undefined;
  private pass: GPUComputePassEncoder | undefined;

  constructor(private readonly device: GPUDevice) {}

  /** Starts a batch of work, of which these are the uniform blocks, in order. */
  begin(blocks: readonly ArrayBuffer[]): void {
    const bytes = new Uint8Array(Math.max(1, blocks.length) * UNIFORM_SLOT);
    blocks.forEach((block, i) => {
      if (block.byteLength > UNIFORM_SLOT)
        throw new RangeError(`a uniform block of ${block.byteLength} bytes`);
      bytes.set(new Uint8Array(block), i * UNIFORM_SLOT);
    });
    if (!this.uniforms || this.uniforms.size < bytes.length) {
      this.uniforms?.destroy();
      this.uniforms = this.device.createBuffer({ size: 2 * bytes.length, usage: GPU_UNIFORM | GPU_COPY_DST });
      this.bindGroups.clear();
    }
    this.device.queue.writeBuffer(this.uniforms, 0, bytes);
    this.slot = 0;
  }

  /** Encodes the next launch. `bindings`: inputs, then the output. */
  dispatch(name: string, launch: Launch, bindings: readonly Binding[]): void {
    const pipeline = this.pipeline(name, launch, bindings.length);
    const group = this.bindGroup(bindings);
    this.commands ??= this.device.createCommandEncoder();
    this.pass ??= this.commands.beginComputePass();
    this.pass.setPipeline(pipeline);
    this.pass.setBindGroup(0, group, [UNIFORM_SLOT * this.slot++]);
    this.pass.dispatchWorkgroups(...launch.workgroups);
    if (++this.inPass === BATCH) this.end();
  }

  /** Submits what has been encoded. */
  end(): void {
    if (!this.pass || !this.commands) return;
    this.pass.end();
    this.device.queue.submit([this.commands.finish()]);
    this.pass = this.commands = undefined;
    this.inPass = 0;
  }

  destroy(): void {
    this.uniforms?.destroy();
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
      buffer: { type: 'uniform', hasDynamicOffset: true },
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

  private bindGroup(bindings: readonly Binding[]): GPUBindGroup {
    let key = '';
    for (const { buffer, offset, bytes } of bindings)
      key += bytes === undefined ? `${buffer.id},` : `${buffer.id}+${offset}:${bytes},`;
    const known = this.bindGroups.get(key);
    if (known) return known;
    if (!this.uniforms) throw new Error('dispatch before begin');
    if (this.bindGroups.size === MOST_BIND_GROUPS) {
      this.bindGroups.clear();
      collectGarbage();
    }
    const storages = bindings.map(({ buffer, offset = 0, bytes }, binding) => ({
      binding,
      resource: { buffer: buffer.gpu, offset, ...(bytes === undefined ? {} : { size: bytes }) },
    }));
    const uniform = { binding: bindings.length, resource: { buffer: this.uniforms, size: UNIFORM_SLOT } };
    const group = this.device.createBindGroup({
      layout: this.layout(bindings.length),
      entries: [...storages, uniform],
    });
    this.bindGroups.set(key, group);
    return group;
  }
}

// GPUBufferUsage and GPUShaderStage, which Dawn's module defines as globals only once it is loaded.
const GPU_COPY_DST = 0x8;
const GPU_UNIFORM = 0x40;
const GPU_COMPUTE = 0x4;
