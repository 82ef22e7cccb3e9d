/**
 * Whether the network at the paper's scale runs, and what it takes. One call of the freshly initialised preset `paper`
 * with semantics and memory, and one more, when all shaders are compiled; times in ms, memory in bytes. `peak` is that
 * of the whole process, which on a CPU driver includes the device's. Untrained, the network must give back the upscaled
 * frames, exactly.
 */
import { writeFileSync } from 'node:fs';
import { deviceChoice, DeviceError } from '../src/kernels/index.js';
import { openDevice } from '../src/kernels/runtime/device.js';
import { countParams, initPixelCondenser, PixelCondenser, presets } from '../src/model/index.js';
import { free, randomNormal, scope, type Shape, type Tensor } from '../src/tensor/index.js';
import { gpuBackend } from '../test/support/kernelLaw.js';
import { commandLine } from './commandLine.js';
import { milliseconds } from './harness.js';
import { provenance } from './provenance.js';

const USAGE = `npx tsx bench/paperForward.ts [--size N] [--json FILE]

  --size N      LR frames of N x N: 8, 16, 32 or a multiple of 64 (default 8); a clip has five
  --json FILE   also writes what is printed

SEECLEAR_DEVICE names the device.`;

const options = commandLine(USAGE, {
  size: { type: 'string', default: '8' },
  json: { type: 'string' },
});
const size = Number(options.size);
const config = presets.paper;
const { frames } = config;
const { tokenChannels, featureChannels, tokens } = config.semantics;

const opened = await openDevice(deviceChoice(process.env.SEECLEAR_DEVICE ?? 'auto'));
if (!opened) throw new DeviceError('there is no WebGPU device to measure');
const backend = gpuBackend(opened);
const noise = (stream: number, ...shape: Shape): Tensor => randomNormal(backend, shape, { seed: 0, stream });

const start = performance.now();
const params = initPixelCondenser(config, backend, 0);
await backend.sync();
const initialised = performance.now() - start;
const net = new PixelCondenser(config, params);
const upscaled = noise(3, frames, 3, 4 * size, 4 * size);
const expected = await upscaled.read();

async function call(): Promise<void> {
  const made = scope(backend, () => {
    const semantics = {
      tokens: noise(4, frames, tokens, tokenChannels),
      features: noise(5, frames, featureChannels, size, size),
    };
    const learned = net.memory()!;
    const context = net.context(semantics, { frames, height: size, width: size }, learned);
    const [state, lr] = [noise(1, frames, 3, 4 * size, 4 * size), noise(2, frames, 3, size, size)];
    const t = new Array<number>(frames).fill(15);
    const { x0, features } = net.forward({ state, lr, upscaled, t, frames, context });
    return { x0, textures: net.remember(learned, features, frames).textures };
  });
  const [x0, textures] = [await made.x0.read(), await made.textures.read()];
  if (x0.some((v, i) => v !== expected[i])) throw new Error('x0 is not the upscaled frames');
  if (!textures.every(Number.isFinite)) throw new Error('the memory after the clip is not finite');
  free(made);
}

const result = {
  ...provenance(opened.description),
  preset: 'paper',
  clip: `${frames} frames of ${size}²`,
  parameters: countParams(params),
  initialised,
  first: await milliseconds(call),
  second: await milliseconds(call),
  device: backend.memory(),
  peak: 1024 * process.resourceUsage().maxRSS,
};
opened.device.destroy();

console.log(JSON.stringify(result, undefined, 2));
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, undefined, 2)}\n`);
