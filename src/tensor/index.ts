export {
  CpuBackend,
  deviceChoices,
  DeviceError,
  dims,
  elementTypes,
  listAdapters,
  openBackend,
  PlanningBackend,
  sameShape,
  ShapeError,
  showShape,
  sizeOf,
  type AdapterReport,
  type Backend,
  type Cost,
  type DeviceChoice,
  type ElementType,
  type Kernel,
  type MemoryStats,
  type Shape,
  type Storage,
  type Values,
} from '../kernels/index.js';
export { type AxisTable } from '../kernels/axisTable.js';
export { resizeTable } from '../kernels/resizeTable.js';
export { checkpointed } from './checkpointed.js';
export { grad } from './grad.js';
export { adamMoment, adamUpdate } from './ops/adam.js';
export type { Observer } from './observer.js';
export { averagePool } from './ops/averagePool.js';
export { axisMap } from './ops/axisMap.js';
export { add, div, mul, sub } from './ops/binary.js';
export { blockDct, blockDctInverse } from './ops/blockDct.js';
export { cast } from './ops/cast.js';
export { clamp } from './ops/clamp.js';
export { concat } from './ops/concat.js';
export { conv2d } from './ops/conv2d.js';
export {
  abs,
  exp,
  gelu,
  log,
  reciprocal,
  relu,
  sigmoid,
  silu,
  softplus,
  sqrt,
  square,
} from './ops/elementwise.js';
export { gather } from './ops/gather.js';
export { haar, haarInverse } from './ops/haar.js';
export { l2Normalize } from './ops/l2Normalize.js';
export { affine, lincomb, scale, type Term } from './ops/lincomb.js';
export { matmul, matmulBias } from './ops/matmul.js';
export { maxLast } from './ops/max.js';
export { broadcastTo, padZero, permute, reshape, roll, slice } from './ops/movement.js';
export { groupNorm, groupNormSilu, layerNorm } from './ops/normalize.js';
export { pack, packed, unpack } from './ops/pack.js';
export { padReflect } from './ops/padReflect.js';
export { randomNormal, randomUniform, type RandomSource } from './ops/random.js';
export { Replay } from './replay.js';
export { mean, sum, sumTo } from './ops/reduce.js';
export { resizeBicubic } from './ops/resizeBicubic.js';
export { softmax } from './ops/softmax.js';
export { topK } from './ops/topK.js';
export { windowAttention } from './ops/windowAttention.js';
export { free, scope } from './scope.js';
export { detach, full, tensor, Tensor, variable } from './tensor.js';
export { type Result, WatchedBackend } from './watchedBackend.js';
export { detached, leaves, mapTree, variables, withLeaves } from './tree.js';
