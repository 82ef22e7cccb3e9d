/** Trees of tensors to and from named arrays on the host. */
import { leaves, mapTree, sameShape, showShape, tensor, type Backend } from '../tensor/index.js';
import { CheckpointError } from './checkpointError.js';
import type { StoredTensor } from './safetensors.js';

/** The arrays of a tree, named `prefix` + path, in the precision of its backend. */
export async function storeTree(tree: object, prefix: string): Promise<Map<string, StoredTensor>> {
  const stored = new Map<string, StoredTensor>();
  for (const [path, leaf] of leaves(tree)) {
    const values = await leaf.read();
    const dtype = values instanceof Float64Array ? 'F64' : 'F32';
    stored.set(prefix + path, { dtype, shape: leaf.shape, values });
  }
  return stored;
}

/**
 * A tree of the form of `template` on `backend`, with the arrays that `storeTree` named.
 *
 * @param file their file, for messages
 * @throws CheckpointError if a tensor is missing, has another shape, or is left over under this prefix
 */
export function restoreTree<T extends object>(
  backend: Backend,
  template: T,
  stored: ReadonlyMap<string, StoredTensor>,
  prefix: string,
  file: string,
): T {
  const names = new Set([...stored.keys()].filter((name) => name.startsWith(prefix)));
  const other = (name: string, what: string): CheckpointError =>
    new CheckpointError(
      file,
      `tensor ${name}: ${what}; the file is of another preset or version of the model`,
    );
  const found = leaves(template).map(([path, { shape }]) => {
    const name = prefix + path;
    const array = stored.get(name);
    if (!array) throw other(name, `expected ${showShape(shape)}, got none`);
    if (!sameShape(array.shape, shape))
      throw other(name, `expected ${showShape(shape)}, got ${showShape(array.shape)}`);
    names.delete(name);
    return array;
  });
  names.forEach((name) => {
    throw other(name, 'expected no such tensor');
  });
  let i = 0;
  return mapTree(template, ({ shape }) => tensor(backend, shape, found[i++].values));
}
