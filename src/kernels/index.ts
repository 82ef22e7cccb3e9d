export type { Backend, MemoryStats, Recording, Storage, Values } from './backend.js';
export { CpuBackend } from './cpu.js';
export { elementTypes, type ElementType } from './elementType.js';
export type { Kernel, Launch, Traits } from './kernel.js';
export {
  deviceChoice,
  deviceChoices,
  DeviceError,
  listAdapters,
  type AdapterReport,
  type DeviceChoice,
} from './runtime/device.js';
export { openBackend } from './runtime/openBackend.js';
export { PlanningBackend, type Cost } from './runtime/planningBackend.js';
export { dims, sameShape, ShapeError, showShape, sizeOf, stridesOf, type Shape } from './shape.js';
