import type { Backend, Storage } from '../kernels/index.js';
import { leaves } from './tree.js';

/**
 * One step of training or sampling: runs `body` and frees every tensor made in it, except those in the tree
 * that it returns. Memory appears here and nowhere in the mathematics.
 */
export const scope = <T extends object>(backend: Backend, body: () => T): T =>
  backend.scope(body, (result): Storage[] => leaves(result).map(([, { storage }]) => storage));

/** Frees the tensors of a tree that an earlier scope returned. */
export const free = (tree: object): void => {
  for (const [, { backend, storage }] of leaves(tree)) backend.free(storage);
};
