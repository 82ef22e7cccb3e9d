/**
 * Trees: plain nested objects and arrays with tensors at the leaves. Parameters are trees, so that
 * checkpoints, optimisers and averages are maps over them. Anything else at a leaf (a number, a name,
 * `undefined`) is passed along untouched.
 */
import { detach, Tensor, variable } from './tensor.js';

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The tensors with their paths (`encoder.0.conv.weight`), depth first, in the order of the keys. */
export function leaves(tree: object, path = ''): [path: string, leaf: Tensor][] {
  const found: [string, Tensor][] = [];
  const walk = (branch: object, here: string): void => {
    if (branch instanceof Tensor) found.push([here, branch]);
    else
      for (const [key, next] of Object.entries(branch) as [string, unknown][])
        if (isBranch(next)) walk(next, join(here, key));
  };
  walk(tree, path);
  return found;
}

/** A tree of the same form, with `f(leaf, path)` for each tensor. */
export function mapTree<T extends object>(tree: T, f: (leaf: Tensor, path: string) => Tensor): T {
  const walk = (t: unknown, path: string): unknown => {
    if (t instanceof Tensor) return f(t, path);
    if (Array.isArray(t)) return t.map((branch, i) => walk(branch, join(path, String(i))));
    if (!isBranch(t)) return t;
    return Object.fromEntries(Object.entries(t).map(([key, branch]) => [key, walk(branch, join(path, key))]));
  };
  return walk(tree, '') as T;
}

/** A tree of the same form, with `tensors[i]` as its i-th leaf. */
export function withLeaves<T extends object>(tree: T, tensors: readonly Tensor[]): T {
  let i = 0;
  return mapTree(tree, () => tensors[i++]);
}

/** The same parameters as variables, to differentiate by. */
export const variables = <T extends object>(tree: T): T => mapTree(tree, variable);

/** The same parameters without a history. */
export const detached = <T extends object>(tree: T): T => mapTree(tree, detach);
