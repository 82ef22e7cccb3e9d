import { GPU, type IKernelFunctionThis } from 'gpu.js';

type Rows = readonly Float32Array[];

/** The product of two m × m matrices by gpu.js on WebAssembly, float32, one thread, written as its manual has it. */
export function gpujsProduct(m: number): (a: Rows, b: Rows) => Rows {
  const run = new GPU({ mode: 'webasm' }).createKernel(element.toString(), {
    constants: { m },
    output: [m, m],
  });
  return (a, b) => run(a, b) as Float32Array[];
}

/** Translated from its text: sees its arguments and `this`, and nothing else. */
function element(this: IKernelFunctionThis<{ m: number }>, a: Rows, b: Rows): number {
  let sum = 0;
  for (let q = 0; q < this.constants.m; q++) sum += a[this.thread.y][q] * b[q][this.thread.x];
  return sum;
}
