import { expect } from 'chai';
import type { OpenedDevice } from '../../src/kernels/runtime/device.js';
import {
  CpuBackend,
  free,
  leaves,
  scope,
  tensor,
  withLeaves,
  type Backend,
  type Tensor,
  type Values,
} from '../../src/tensor/index.js';
import { gpuBackend } from './kernelLaw.js';
import { PerturbingBackend } from './perturbingBackend.js';
import { compared } from './tally.js';

/** Tensors by name. */
export type Results = Readonly<Record<string, Tensor>>;

/** What is known of one result. */
export interface Limit {
  readonly name: string;
  /** In float64. */
  readonly values: Values;
  /** ‖values‖₂ */
  readonly norm: number;
  /** ‖x − values‖₂ that a device may have. */
  readonly allowed: number;
}

/** Number of draws. */
const DRAWS = 3;

/**
 * How far a network may be from float64 on a device, derived from what `kernelLaw` proves of its kernels.
 *
 * To first order in u = 2⁻²⁴ a result is off by D = Σ_j J_j e_j: the local errors e_j of all elements of all kernels'
 * results, passed on by the derivative J_j of the result by that element. We have no J_j, but draws of D, each from a
 * `PerturbingBackend`, with E‖D‖² = Σ_j ‖J_j‖² r_j u² s_j² for kernels of r roundings and error scale s. A device has
 * ‖J_j‖² e_j² in its place, with e_j² ≤ r_j u² s_j² as far as the roundings in one element are random, and mixed terms,
 * which cancel as far as those of different elements are. So its D is no larger than a draw's; and since most roundings
 * are smaller than u, and partial sums smaller than s, it is far smaller. Allowed is, for each tensor,
 *
 *   ‖x − float64‖₂ ≤ the largest ‖draw − float64‖₂ of DRAWS
 *
 * Some errors are not random: a device's exp may always err upwards, by all of the 40 roundings that it is granted,
 * which is √40 times what is drawn. There this asks for more than the kernels' laws do; the margin, above three on
 * lavapipe, has to cover it. And first order ends where a maximum or a ReLU changes its mind: a draw in which one does
 * is off by so much that the test of the limits' smallness fails, and another seed is needed.
 */
export class NetworkLaw<T extends object> {
  private constructor(
    private readonly inputs: T,
    private readonly f: (inputs: T) => Results,
    readonly limits: readonly Limit[],
  ) {}

  /** @param f makes the results on the backend of its inputs, a tree; these are rounded to f32 before */
  static async of<T extends object>(inputs: T, f: (inputs: T) => Results): Promise<NetworkLaw<T>> {
    const exact = await resultsOn(new CpuBackend(), inputs, f);
    const draws: Map<string, Values>[] = [];
    for (let seed = 0; seed < DRAWS; seed++)
      draws.push(await resultsOn(new PerturbingBackend(seed), inputs, f));
    const limits = [...exact].map(([name, values]) => ({
      name,
      values,
      norm: distance(values),
      allowed: Math.max(...draws.map((draw) => distance(values, draw.get(name)))),
    }));
    return new NetworkLaw(inputs, f, limits);
  }

  /** ‖x − float64‖₂ as a share of what is allowed, by name. */
  async shares(backend: Backend, inputs: T = this.inputs): Promise<Map<string, number>> {
    const results = await resultsOn(backend, inputs, this.f);
    return new Map(
      this.limits.map(({ name, values, norm, allowed }) => {
        const off = distance(values, results.get(name));
        compared(off, allowed, norm);
        return [name, off === 0 ? 0 : off / allowed];
      }),
    );
  }

  /** Asserts it on a device. */
  async expectHeld(opened: OpenedDevice): Promise<void> {
    for (const [name, share] of await this.shares(gpuBackend(opened)))
      expect(share, `${name}: deviation from float64 as a share of what is allowed`).to.be.at.most(1);
  }
}

async function resultsOn<T extends object>(
  backend: Backend,
  inputs: T,
  f: (inputs: T) => Results,
): Promise<Map<string, Values>> {
  const uploads = leaves(inputs).map(async ([, x]) =>
    tensor(backend, x.shape, Float32Array.from(await x.read())),
  );
  const uploaded = withLeaves(inputs, await Promise.all(uploads));
  const results = scope(backend, () => f(uploaded));
  const values = new Map<string, Values>();
  for (const [name, x] of Object.entries(results)) values.set(name, await x.read());
  free(results);
  free(uploaded);
  return values;
}

/** ‖a − b‖₂, with 0 for b if left out. */
const distance = (a: Values, b?: Values): number =>
  Math.sqrt(Array.from(a).reduce((sum, v, i) => sum + (v - (b?.[i] ?? 0)) ** 2, 0));
