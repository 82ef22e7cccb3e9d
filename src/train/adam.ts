import {
  adamMoment,
  adamUpdate,
  full,
  leaves,
  mapTree,
  pack,
  type Tensor,
  unpack,
  withLeaves,
} from '../tensor/index.js';

/** What Adam remembers: mean and uncentred variance of the gradient, trees of the form of the parameters. */
export interface AdamState<T extends object> {
  readonly m: T;
  readonly v: T;
  /** steps taken */
  readonly step: number;
}

/** Settings of one step. */
export interface AdamOptions {
  readonly lr: number;
  /** 0.5 */
  readonly beta1?: number;
  /** 0.999 */
  readonly beta2?: number;
  /** 1e−8 */
  readonly eps?: number;
  /** A scalar that every gradient is multiplied by, for clipping; 1 if left out. */
  readonly gradScale?: Tensor;
}

/** Before the first step: no gradient seen. */
export const adamState = <T extends object>(params: T): AdamState<T> => ({
  m: mapTree(params, zerosLike),
  v: mapTree(params, zerosLike),
  step: 0,
});

const zerosLike = ({ backend, shape }: Tensor): Tensor => full(backend, shape, 0);

/**
 * One step of Adam (Kingma and Ba, 2015, Algorithm 1), element by element, t = step + 1:
 *
 *   m' = β₁ m + (1 − β₁) g,   v' = β₂ v + (1 − β₂) g²
 *   p' = p − lr · m' / (1 − β₁ᵗ) / (√(v' / (1 − β₂ᵗ)) + ε)
 *
 * The defaults are the paper's (section 4.1). Nothing is changed in place. Needs a scope around it, which frees the flat
 * copies that it works on.
 *
 * @param grads one for each leaf of `params`, in the order of `leaves`
 * @setting SeeClear (optimiser)
 */
export function adamStep<T extends object>(
  params: T,
  grads: readonly Tensor[],
  state: AdamState<T>,
  { lr, beta1 = 0.5, beta2 = 0.999, eps = 1e-8, gradScale }: AdamOptions,
): { params: T; state: AdamState<T> } {
  const tensors = tensorsOf(params);
  const [p, g, m, v] = [tensors, grads, tensorsOf(state.m), tensorsOf(state.v)].map((all) => pack(all));
  const c = gradScale ?? full(tensors[0].backend, [], 1);
  const nextM = m.map((a, i) => adamMoment(a, g[i], c, { power: 1, beta: beta1 }));
  const nextV = v.map((a, i) => adamMoment(a, g[i], c, { power: 2, beta: beta2 }));
  const step = state.step + 1;
  const update = { rate: lr / (1 - beta1 ** step), grow: 1 / (1 - beta2 ** step), eps };
  const next = p.map((x, i) => adamUpdate(x, nextM[i], nextV[i], update));
  const asParams = (blocks: readonly Tensor[]): T => withLeaves(params, unpack(blocks, tensors));
  return { params: asParams(next), state: { m: asParams(nextM), v: asParams(nextV), step } };
}

const tensorsOf = (tree: object): Tensor[] => leaves(tree).map(([, leaf]) => leaf);
