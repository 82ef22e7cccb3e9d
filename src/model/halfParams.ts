import { leaves, packed, withLeaves } from '../tensor/index.js';
import type { PixelCondenserParams } from './pixelCondenserParams.js';

/** C̄ and T̄, with which all that goes from clip to clip begins. */
const memory = ['category.semantics', 'category.textures'];

/**
 * The same parameters stored as f16, and so all that the network makes, but for the memory: what goes from clip to clip
 * stays f32. Nothing is recorded. Needs a scope around it.
 */
export function halfParams(params: PixelCondenserParams): PixelCondenserParams {
  const all = leaves(params);
  const narrow = all.filter(([path]) => !memory.includes(path)).map(([, leaf]) => leaf);
  const half = new Map(packed(narrow, 'f16').map((leaf, i) => [narrow[i], leaf]));
  return withLeaves(
    params,
    all.map(([, leaf]) => half.get(leaf) ?? leaf),
  );
}
