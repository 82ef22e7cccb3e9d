/** jax-js on WebGPU, everything under `jit`. An array is freed by the function that takes it; `ref` is one more use. */
import { defaultDevice, init, jit, lax, nn, numpy, vjp } from '@jax-js/jax';

const ops = {
  matmul: (a, b) => numpy.matmul(a, b),
  conv3x3: (x, w) => lax.convGeneralDilated(x, w, [1, 1], 'SAME'),
  softmax: (x) => nn.softmax(x, -1),
  layerNorm: (x, gamma, beta) => nn.standardize(x, -1, { epsilon: 1e-5 }).mul(gamma).add(beta),
  gelu: (x, y, z) => nn.gelu(x.mul(y).add(z)),
  sum: (x) => x.sum(),
  attention: (q, k, v) => {
    const scale = 1 / Math.sqrt(q.shape.at(-1));
    return numpy.matmul(nn.softmax(numpy.matmul(q, numpy.swapaxes(k, -1, -2)).mul(scale), -1), v);
  },
};

export async function open({ settle, submitted }) {
  await init('webgpu');
  defaultDevice('webgpu');
  return {
    async prepare({ op, mode, shapes, out, inputs, cotangent }) {
      const xs = inputs.map((values, i) => numpy.array(values).reshape(shapes[i]));
      const g = numpy.array(cotangent).reshape(out);
      const forward = jit(ops[op]);
      const both = jit((g, ...xs) => {
        const [y, backward] = vjp(ops[op], xs);
        const grads = backward(g);
        backward.dispose();
        return [y, ...grads];
      });
      const refs = () => xs.map((x) => x.ref);
      return {
        run: () => (mode === 'both' ? both(g.ref, ...refs()) : [forward(...refs())]),
        read: async (results) => {
          const read = [];
          for (const x of results) read.push(Float32Array.from(await settle(x.ref.data())));
          return read;
        },
        free: (results) => results.forEach((x) => x.dispose()),
        close: () => [...xs, g].forEach((x) => x.dispose()),
      };
    },
    async wait(results) {
      for (const x of results) await settle(x.blockUntilReady());
      await submitted();
    },
  };
}
