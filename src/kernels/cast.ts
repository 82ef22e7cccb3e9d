import { narrowing, type ElementType } from './elementType.js';
import type { Kernel } from './kernel.js';
import { pointwise } from './pointwise.js';

export interface CastParams {
  readonly type: ElementType;
}

const same = { name: 'same', wgsl: 'fn same(x: T) -> T { return x; }', scalars: [] };

/** y = x, stored as `type`. In float64 the numbers stay what they are. */
export const cast: Kernel<CastParams> = {
  name: 'cast',
  outShape: ([x]) => x,
  resultType: (_, { type }) => type,
  ...pointwise(() => same),
  reference: ([x]) => x.slice(),
  roundings: (_, { type }) => narrowing(type),
};
