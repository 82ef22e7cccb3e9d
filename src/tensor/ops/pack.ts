/**
 * Many tensors in few flat ones, so that what treats all elements alike (an optimiser, a norm) is a few kernel
 * runs and not a few for each tensor. Nothing here is recorded: it serves training, and is no part of a model.
 */
import { MOST_PACKED, pack as kernel, packedOffsets, packedSize } from '../../kernels/pack.js';
import type { ElementType } from '../../kernels/index.js';
import { sizeOf, type Shape } from '../../kernels/shape.js';
import { run } from '../op.js';
import { Tensor, view } from '../tensor.js';

/** A flat tensor has at most this many elements, 64 MiB on a GPU, unless one tensor alone has more. */
const MOST_ELEMENTS = 2 ** 24;

/**
 * The elements of all tensors in order, in flat tensors of one type; where each of them begins, and how many elements
 * there are, follows from the shapes. Between them are zeros. Free of cost for tensors of the type that `unpack` has
 * returned. Needs a scope around it, which frees the pieces on the way.
 */
export const pack = (tensors: readonly Tensor[], type: ElementType = 'f32'): Tensor[] =>
  groupsOf(tensors, type).map((group) => wholeOf(group, type) ?? joined(group, type));

/** Tensors of these shapes out of the flat ones that `pack` makes of such tensors. No copy. */
export function unpack(blocks: readonly Tensor[], shapes: readonly { readonly shape: Shape }[]): Tensor[] {
  const [{ type }] = blocks;
  return groupsOf(shapes, type).flatMap((group, k) => {
    const sizes = group.map(({ shape }) => sizeOf(shape));
    const { offsets } = packedOffsets(sizes, type);
    return group.map(({ shape }, i) => view(blocks[k], offsets[i], shape));
  });
}

/** The same tensors, side by side in memory and of one type, so that `pack` is free of cost for them. */
export const packed = (tensors: readonly Tensor[], type?: ElementType): Tensor[] =>
  unpack(pack(tensors, type), tensors);

/** Which tensors share a flat one: as many as fit, in order. */
function groupsOf<T extends { readonly shape: Shape }>(tensors: readonly T[], type: ElementType): T[][] {
  const groups: T[][] = [];
  let room = 0;
  for (const tensor of tensors) {
    const size = packedSize(sizeOf(tensor.shape), type);
    if (groups.length === 0 || size > room) {
      groups.push([]);
      room = MOST_ELEMENTS;
    }
    groups[groups.length - 1].push(tensor);
    room -= size;
  }
  return groups;
}

/** The flat tensor that the tensors are the parts of, if they are. */
function wholeOf(tensors: readonly Tensor[], type: ElementType): Tensor | undefined {
  const [first] = tensors;
  if (first.type !== type) return undefined;
  const sizes = tensors.map(({ shape }) => sizeOf(shape));
  const { offsets, total } = packedOffsets(sizes, type);
  const storage = first.backend.whole(
    tensors.map((tensor) => tensor.storage),
    offsets,
    total,
  );
  return storage && new Tensor(first.backend, [total], storage);
}

/** The tensors end to end, as a tree of passes. */
function joined(tensors: readonly Tensor[], type: ElementType): Tensor {
  let pieces = tensors;
  do {
    const passes = Math.ceil(pieces.length / MOST_PACKED);
    pieces = Array.from({ length: passes }, (_, i) =>
      run(kernel, pieces.slice(i * MOST_PACKED, (i + 1) * MOST_PACKED), { type }),
    );
  } while (pieces.length > 1);
  return pieces[0];
}
