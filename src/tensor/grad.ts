import { sameShape, ShapeError } from '../kernels/index.js';
import { total } from './cotangent.js';
import { full, type Cotangent, type Tensor } from './tensor.js';

/**
 * Reverse-mode derivative: ⟨g, y⟩ differentiated by each of `xs`.
 *
 * @param y what was computed
 * @param xs variables that it depends on (made by `variable`)
 * @param g cotangent ∂L/∂y, of y's shape; 1 if left out, which suits a loss
 * @param onVjp told each tensor whose vjp comes next
 * @returns ∂L/∂x for each x, of x's shape, themselves without history (first order only)
 * @throws Error if y depends on none of a variable's elements, or an op on the way has no vjp
 */
export const grad = (
  y: Tensor,
  xs: readonly Tensor[],
  g: Tensor = full(y.backend, y.shape, 1),
  onVjp?: (of: Tensor) => void,
): Tensor[] =>
  gradients(y, xs, g, onVjp).map((gx, i) => {
    if (!gx)
      throw new Error(
        `grad: the result does not depend on variable ${i}, of shape [${xs[i].shape.join(', ')}]`,
      );
    return gx;
  });

/** The same, with `undefined` for what y does not depend on. */
export function gradients(
  y: Tensor,
  xs: readonly Tensor[],
  g: Tensor,
  onVjp?: (of: Tensor) => void,
): (Tensor | undefined)[] {
  if (!sameShape(g.shape, y.shape))
    throw new ShapeError('grad', 'a cotangent of the shape of y', g.shape, y.shape);
  const cotangents = new Map<Tensor, Cotangent[]>([[y, [g]]]);
  const wanted = new Set(xs);
  const found = new Map<Tensor, Tensor>();
  for (const t of reverseOrder(y)) {
    const parts = cotangents.get(t);
    if (!parts) continue;
    cotangents.delete(t);
    const gt = total(parts);
    if (wanted.has(t)) found.set(t, gt);
    if (t.node === undefined || t.node === 'leaf') continue;
    const { op, inputs, vjp } = t.node;
    onVjp?.(t);
    vjp(gt).forEach((part, i) => {
      const input = inputs[i];
      if (!part || input.node === undefined) return;
      if (!sameShape(part.shape, input.shape))
        throw new ShapeError(
          `vjp of ${op}, input ${i}`,
          'a cotangent of the shape of the input',
          part.shape,
          input.shape,
        );
      const others = cotangents.get(input);
      if (others) others.push(part);
      else cotangents.set(input, [part]);
    });
  }
  return xs.map((x) => found.get(x));
}

/** `y` and all it was computed from, each before its own inputs. */
function reverseOrder(y: Tensor): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  const stack: { t: Tensor; next: number }[] = [{ t: y, next: 0 }];
  seen.add(y);
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    const inputs = top.t.node && top.t.node !== 'leaf' ? top.t.node.inputs : [];
    if (top.next === inputs.length) {
      order.push(top.t);
      stack.pop();
      continue;
    }
    const input = inputs[top.next++];
    if (input.node !== undefined && !seen.has(input)) {
      seen.add(input);
      stack.push({ t: input, next: 0 });
    }
  }
  return order.reverse();
}
