import { leaves, sizeOf } from '../tensor/index.js';

/** How many numbers a parameter tree holds. */
export const countParams = (params: object): number =>
  leaves(params).reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0);
