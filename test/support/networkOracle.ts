/** What scripts/oracle/network_cases.py draws and sketches, by the same addresses. */
import { expect } from 'chai';
import {
  initPixelCondenser,
  type PixelCondenserConfig,
  type PixelCondenserParams,
} from '../../src/model/index.js';
import {
  affine,
  CpuBackend,
  leaves,
  mapTree,
  randomNormal,
  scale,
  type Shape,
  sizeOf,
  type Tensor,
} from '../../src/tensor/index.js';

/** Configuration of a case. */
export interface NetworkCase {
  readonly network: PixelCondenserConfig;
  readonly clips: number;
  readonly frames: number;
  /** Of the LR frames. */
  readonly height: number;
  readonly width: number;
  /** The step of each clip. */
  readonly t: readonly number[];
  /** Tokens of a frame. */
  readonly tokens: number;
  /** Whether a clip is sampled. */
  readonly sampled: boolean;
}

/** Clips, and what a distiller might say of them. */
export interface NetworkInputs {
  readonly lr: Tensor;
  readonly upscaled: Tensor;
  readonly hr: Tensor;
  readonly noise: Tensor;
  readonly semantics: { readonly tokens: Tensor; readonly features: Tensor };
}

export const SEED = 31;

/** The first stream of the tensors that results are multiplied by. */
const SKETCH = 2000;

const backend = new CpuBackend();
const draw = (shape: Shape, stream: number): Tensor => randomNormal(backend, shape, { seed: SEED, stream });

/** Weights N(0, 1 / fan-in), scales N(1, 0.3²), biases and shifts N(0, 0.3²); none of them is zero. */
export function drawParams(network: PixelCondenserConfig): PixelCondenserParams {
  const template = initPixelCondenser(network, backend, 1);
  const paths = leaves(template).map(([path]) => path);
  const ranks = new Map(paths.sort().map((path, rank) => [path, rank]));
  return mapTree(template, ({ shape }, path) => {
    const mean = path.endsWith('.gamma') || path.endsWith('.scale.bias') ? 1 : 0;
    const deviation = shape.length === 1 ? 0.3 : 1 / Math.sqrt(sizeOf(shape.slice(1)));
    return affine(mean, [deviation, draw(shape, ranks.get(path)!)]);
  });
}

/** The clips of a case, or those before them in their videos. */
export function drawInputs(
  { network, clips, frames, height, width, tokens }: NetworkCase,
  which: 'own' | 'previous' = 'own',
): NetworkInputs {
  const first = which === 'own' ? 1000 : 1100;
  const n = clips * frames;
  const { tokenChannels, featureChannels } = network.semantics;
  const hr = [n, 3, 4 * height, 4 * width];
  return {
    lr: scale(0.5, draw([n, 3, height, width], first)),
    upscaled: scale(0.5, draw(hr, first + 1)),
    hr: scale(0.5, draw(hr, first + 2)),
    noise: draw(hr, first + 3),
    semantics: {
      tokens: draw([n, tokens, tokenChannels], first + 4),
      features: draw([n, featureChannels, height, width], first + 5),
    },
  };
}

/**
 * Asserts that x is y, of which the norm and a few products with Gaussian tensors r are known:
 *
 *   E⟨x − y, r⟩² = ‖x − y‖²
 *
 * @param sketch ‖y‖ and the products ⟨y, r⟩
 * @param tolerance of ‖x − y‖ / ‖y‖
 * @param floor what stands in the place of a smaller ‖y‖
 */
export async function expectSketched(
  x: Tensor,
  [norm, ...products]: readonly number[],
  name: string,
  tolerance: number,
  floor = 0,
): Promise<void> {
  const values = await x.read();
  let sum = 0;
  for (const [k, product] of products.entries()) {
    const r = await draw(x.shape, SKETCH + k).read();
    let found = 0;
    for (let i = 0; i < r.length; i++) found += values[i] * r[i];
    sum += (found - product) ** 2;
  }
  const distance = Math.sqrt(sum / products.length);
  expect(distance / Math.max(norm, floor), `error of ${name}`).to.be.at.most(tolerance);
}
