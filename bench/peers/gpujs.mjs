/**
 * gpu.js on WebGPU: kernels are JavaScript functions of one output element, which it translates from their text. It
 * has no operator library and no gradients, so only what its manual writes is here: products and one formula.
 */
import { GPU, input } from 'gpu.js';

function product(a, b) {
  let sum = 0;
  for (let q = 0; q < this.constants.k; q++) sum += a[this.thread.y][q] * b[q][this.thread.x];
  return sum;
}

function batchedProduct(a, b) {
  let sum = 0;
  for (let q = 0; q < this.constants.k; q++)
    sum += a[this.thread.z][this.thread.y][q] * b[this.thread.z][q][this.thread.x];
  return sum;
}

function gelu(x, y, z) {
  const v =
    x[this.thread.y][this.thread.x] * y[this.thread.y][this.thread.x] + z[this.thread.y][this.thread.x];
  return 0.5 * v * (1 + Math.tanh(0.7978845608 * (v + 0.044715 * v * v * v)));
}

const ops = { matmul: { 2: product, 3: batchedProduct }, gelu: { 2: gelu } };

/** Nested rows, as it gives results back, to one array. */
const flat = (x) =>
  x[0].length === undefined ? x : Float32Array.from([...x].flatMap((row) => [...flat(row)]));

export function open({ submitted }) {
  const gpu = new GPU({ mode: 'webgpu' });
  return {
    async prepare({ op, mode, shapes, out, inputs }) {
      const source = ops[op]?.[out.length];
      if (mode === 'both' || !source) return undefined;
      const kernel = gpu
        .createKernel(source)
        .setOutput([...out].reverse())
        .setConstants({ k: shapes[0].at(-1) })
        .setPipeline(true);
      const xs = inputs.map((values, i) => input(values, [...shapes[i]].reverse()));
      return {
        run: () => kernel(...xs),
        read: async (result) => [flat(await result.toArray())],
        free: (result) => result.delete(),
        close: () => kernel.destroy(),
      };
    },
    wait: submitted,
  };
}
