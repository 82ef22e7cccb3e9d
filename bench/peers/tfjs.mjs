/** TensorFlow.js on its WebGPU backend. Convolutions in NHWC and HWIO, the layouts that it is written for. */
import * as tf from '@tensorflow/tfjs'; // not tfjs-core alone, which registers no gradients
import '@tensorflow/tfjs-backend-webgpu';

const gelu = (x) => {
  const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
};

const ops = {
  matmul: (a, b) => tf.matMul(a, b),
  conv3x3: (x, w) => tf.conv2d(x, w, 1, 'same'),
  softmax: (x) => tf.softmax(x),
  layerNorm: (x, gamma, beta) => {
    const { mean, variance } = tf.moments(x, -1, true);
    return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), gamma), beta);
  },
  gelu: (x, y, z) => gelu(tf.add(tf.mul(x, y), z)),
  sum: (x) => tf.sum(x),
  attention: (q, k, v) =>
    tf.matMul(tf.softmax(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(q.shape.at(-1)))), v),
};

/** From NCHW and OIHW to its layouts, and back. */
const theirs = { image: [0, 2, 3, 1], filter: [2, 3, 1, 0] };
const common = { image: [0, 3, 1, 2], filter: [3, 2, 0, 1] };
const kinds = ['image', 'filter'];

export async function open({ submitted }) {
  tf.enableProdMode();
  await tf.setBackend('webgpu');
  await tf.ready();
  return {
    async prepare({ op, mode, shapes, out, inputs, cotangent }) {
      const put = (values, shape, kind) =>
        tf.tidy(() => {
          const x = tf.tensor(values, shape);
          return op === 'conv3x3' ? tf.transpose(x, theirs[kind]) : x;
        });
      const get = async (x, kind) => {
        const y = op === 'conv3x3' ? tf.transpose(x, common[kind]) : x;
        const values = await y.data();
        if (y !== x) y.dispose();
        return values;
      };
      const xs = inputs.map((values, i) => put(values, shapes[i], kinds[i]));
      const g = put(cotangent, out, 'image');
      const both = () => {
        const { value, grads } = tf.valueAndGrads(ops[op])(xs, g);
        return [value, ...grads];
      };
      return {
        run: () => tf.tidy(mode === 'both' ? both : () => [ops[op](...xs)]),
        read: ([y, ...grads]) => Promise.all([get(y, 'image'), ...grads.map((x, i) => get(x, kinds[i]))]),
        free: (results) => tf.dispose(results),
        close: () => tf.dispose([...xs, g]),
      };
    },
    async wait() {
      const backend = tf.backend();
      if (backend.commandEncoder) {
        backend.endComputePassEncoder();
        backend.submitQueue();
      }
      await submitted();
    },
  };
}
