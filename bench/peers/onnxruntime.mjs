/**
 * ONNX Runtime's native WebGPU provider, forward only. It has a Dawn of its own and chooses the adapter itself.
 *
 * Sessions are made one at a time: two at once abort the process. So does `getData()` of a tensor on the device;
 * results are read through a session that copies to the host.
 */
import ort from 'onnxruntime-node';
import { onnxModel } from './onnxModel.mjs';

const graphs = {
  matmul: [['MatMul', ['x0', 'x1'], 'y']],
  conv3x3: [['Conv', ['x0', 'x1'], 'y', { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [1, 1] }]],
  softmax: [['Softmax', ['x0'], 'y', { axis: -1 }]],
  layerNorm: [['LayerNormalization', ['x0', 'x1', 'x2'], 'y', { axis: -1, epsilon: 1e-5 }]],
  gelu: [
    ['Mul', ['x0', 'x1'], 'product'],
    ['Add', ['product', 'x2'], 'sum'],
    ['Gelu', ['sum'], 'y', { approximate: 'tanh' }],
  ],
  sum: [['ReduceSum', ['x0'], 'y', { keepdims: 0 }]],
  attention: [
    ['Transpose', ['x1'], 'keys', { perm: [0, 1, 3, 2] }],
    ['MatMul', ['x0', 'keys'], 'products'],
    ['Mul', ['products', 'scale'], 'scores'],
    ['Softmax', ['scores'], 'weights', { axis: -1 }],
    ['MatMul', ['weights', 'x2'], 'y'],
  ],
};

const session = (model, options = {}) =>
  ort.InferenceSession.create(model, {
    executionProviders: ['webgpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    ...options,
  });
const onDevice = { preferredOutputLocation: 'gpu-buffer' };
const copying = (shape) => onnxModel([['Identity', ['x'], 'y']], [['x', shape]], ['y', shape]);

export async function open({ settle }) {
  ort.env.logLevel = 'error';
  // Its only fence: a run whose result comes to the host waits for all that was submitted before.
  const fence = await session(copying([1]));
  const one = new ort.Tensor('float32', new Float32Array([1]), [1]);
  return {
    async prepare({ op, mode, shapes, out, inputs }) {
      if (mode === 'both') return undefined;
      const xs = [];
      for (const [i, values] of inputs.entries()) {
        const upload = await session(copying(shapes[i]), onDevice);
        const { y } = await settle(upload.run({ x: new ort.Tensor('float32', values, shapes[i]) }));
        xs.push(y);
      }
      const scalars = op === 'attention' ? [['scale', 1 / Math.sqrt(shapes[0].at(-1))]] : [];
      const named = shapes.map((shape, i) => [`x${i}`, shape]);
      const compute = await session(onnxModel(graphs[op], named, ['y', out], scalars), onDevice);
      const fetch = await session(copying(out));
      const feeds = Object.fromEntries(xs.map((x, i) => [`x${i}`, x]));
      return {
        run: async () => (await settle(compute.run(feeds))).y,
        read: async (y) => [(await settle(fetch.run({ x: y }))).y.data],
        free: (y) => y.dispose(),
        close: () => xs.forEach((x) => x.dispose()),
      };
    },
    wait: () => settle(fence.run({ x: one })),
  };
}
