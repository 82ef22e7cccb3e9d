import type { PixelCondenserParams } from '../model/index.js';
import { free, leaves, mapTree, sameShape, type Shape, tensor } from '../tensor/index.js';
import type { Origin } from './checkpoint.js';
import type { StoredTensor } from './safetensors.js';

/**
 * First parameters of a condenser, those that an origin has with the same path and shape taken from it. Position
 * biases of attention within a frame become those of attention through several.
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
    const values = found && valuesFor(leaf.shape, found, path);
    if (!values) return leaf;
    taken++;
    free([leaf]);
    return tensor(leaf.backend, leaf.shape, values);
  });
  return { params, taken, of: leaves(drawn).length };
}

function valuesFor(shape: Shape, found: StoredTensor, path: string): ArrayLike<number> | undefined {
  if (sameShape(found.shape, shape)) return found.values;
  const spans = shape[1] / found.shape[1];
  const inTime = path.endsWith('.position') && shape[0] === found.shape[0] && spans % 2 === 1;
  return inTime ? throughFrames(found, spans) : undefined;
}

/** How much less a pixel of another frame counts at first: with five frames of 4 × 4 pixels, 7 % of the attention. */
const APART = -4;

/**
 * Position biases [heads, offsets] of a frame, for as many offsets in time: attention starts nearly as it was, and can
 * learn from there what to take from the other frames.
 *
 * @param spans 2m − 1 offsets in time
 */
function throughFrames({ shape: [heads, offsets], values }: StoredTensor, spans: number): Float64Array {
  const table = new Float64Array(heads * spans * offsets);
  for (let i = 0; i < table.length; i++) {
    const head = Math.floor(i / (spans * offsets));
    const span = Math.floor(i / offsets) % spans;
    table[i] = values[head * offsets + (i % offsets)] + (span === (spans - 1) / 2 ? 0 : APART);
  }
  return table;
}
