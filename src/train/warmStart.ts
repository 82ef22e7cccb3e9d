import type { PixelCondenserParams } from '../model/index.js';
import { free, leaves, mapTree, sameShape, tensor } from '../tensor/index.js';
import type { Origin } from './checkpoint.js';

/**
 * First parameters of a condenser, those that an origin has with the same path and shape taken from it.
 *
 * @param drawn are freed where the origin's take their place
 * @returns `taken`: how many tensors these are, `of` how many
 */
export function warmStart(
  drawn: PixelCondenserParams,
  { tensors }: Origin,
): { params: PixelCondenserParams; taken: number; of: number } {
  let taken = 0;
  const params = mapTree(drawn, (leaf, path) => {
    const found = tensors.get(path);
    if (!found || !sameShape(found.shape, leaf.shape)) return leaf;
    taken++;
    free([leaf]);
    return tensor(leaf.backend, leaf.shape, found.values);
  });
  return { params, taken, of: leaves(drawn).length };
}
