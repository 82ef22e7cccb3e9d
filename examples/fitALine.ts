/**
 * The tensor library alone: fits y = 2x − 1 by gradient descent, on whatever device there is.
 *
 *     npx tsx examples/fitALine.ts
 */
import {
  add,
  free,
  grad,
  mean,
  mul,
  lincomb,
  openBackend,
  scope,
  square,
  sub,
  tensor,
  variable,
} from '../src/tensor/index.js';

const backend = await openBackend('auto');
console.log(backend.description);

const xs = Array.from({ length: 64 }, (_, i) => i / 32 - 1);
const x = tensor(backend, [64], xs);
const y = tensor(backend, [64], xs.map((v) => 2 * v - 1)); // prettier-ignore

let line = { slope: tensor(backend, [], [0]), offset: tensor(backend, [], [0]) };
for (let step = 0; step < 100; step++) {
  // Everything made in a scope is freed when it ends, except what it returns.
  const next = scope(backend, () => {
    const slope = variable(line.slope);
    const offset = variable(line.offset);
    const loss = mean(square(sub(add(mul(slope, x), offset), y)));
    const [gSlope, gOffset] = grad(loss, [slope, offset]);
    return { slope: lincomb([1, slope], [-0.5, gSlope]), offset: lincomb([1, offset], [-0.5, gOffset]) };
  });
  free(line);
  line = next;
}

const [slope, offset] = [await line.slope.item(), await line.offset.item()];
console.log(`y = ${slope.toFixed(4)} x + ${offset.toFixed(4)}`);
backend.close();
