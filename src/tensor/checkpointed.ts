import { gradients } from './grad.js';
import { record } from './op.js';
import { type Tensor, variable } from './tensor.js';
import { detached, leaves, mapTree } from './tree.js';

/**
 * f(inputs), of which nothing but the inputs is kept for the gradient: its vjp computes f once more [Chen et al. 2016].
 * Costs another forward pass of f, and saves the memory of what happens in it. Values are the same bit for bit, and so
 * are gradients, but for an input that f uses more than once and others use as well: its cotangents are added up in
 * another order.
 *
 * @param inputs a tree of all tensors that f takes gradients to; f must not reach for another variable
 */
export function checkpointed<I extends object>(f: (inputs: I) => Tensor, inputs: I): Tensor {
  const xs = leaves(inputs).map(([, x]) => x);
  return record('checkpointed', xs, f(detached(inputs)), (g, _, wanted) => {
    let i = 0;
    const again = mapTree(detached(inputs), (x) => (wanted[i++] ? variable(x) : x));
    const variables = leaves(again).map(([, x]) => x);
    const found = gradients(
      f(again),
      variables.filter((_, k) => wanted[k]),
      g,
    );
    return variables.map((_, k) => (wanted[k] ? found.shift() : undefined));
  });
}
