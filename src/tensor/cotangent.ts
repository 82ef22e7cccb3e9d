import { concat } from '../kernels/concat.js';
import { lincombOf } from './ops/lincomb.js';
import { zeroPadded } from './ops/movement.js';
import { run } from './op.js';
import { Tensor, type Cotangent, type Slab } from './tensor.js';

/**
 * The sum of cotangents of one tensor, in the order in which they arrived, slabs last. Slabs that fill the tensor side by
 * side, as those of the slices do that it was cut into, are joined; others are added up with zeros around them.
 */
export function total(parts: readonly Cotangent[]): Tensor {
  const tensors: Tensor[] = [];
  const slabs: Slab[] = [];
  for (const part of parts) {
    if (part instanceof Tensor) tensors.push(part);
    else slabs.push(part);
  }
  return sum(slabs.length === 0 ? tensors : [...tensors, ...whole(slabs)]);
}

/** Tensors that add up to the slabs. */
function whole(slabs: readonly Slab[]): Tensor[] {
  const [{ axis, shape }] = slabs;
  const sorted = slabs.toSorted((a, b) => a.start - b.start);
  let end = 0;
  const fit = sorted.every((slab) => {
    const follows = slab.axis === axis && slab.start === end;
    end += slab.part.shape[slab.axis];
    return follows;
  });
  if (fit && end === shape[axis])
    return [sorted.map(({ part }) => part).reduce((a, b) => run(concat, [a, b], { axis }))];
  return slabs.map(({ part, axis, start }) =>
    zeroPadded(part, axis, start, shape[axis] - start - part.shape[axis]),
  );
}

function sum(parts: readonly Tensor[]): Tensor {
  let [total] = parts;
  for (let i = 1; i < parts.length; i += 3)
    total = lincombOf(...[total, ...parts.slice(i, i + 3)].map((part) => [1, part] as const));
  return total;
}
