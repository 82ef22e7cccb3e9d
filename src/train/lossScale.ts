/**
 * What the loss is multiplied by before its gradient is taken, where cotangents are f16: a mean over many pixels has
 * gradients below the least f16 [Micikevicius et al. 2018, "Mixed Precision Training"]. A power of two, so that
 * dividing by it afterwards costs no rounding.
 */
export interface LossScale {
  readonly scale: number;
  /** Steps since it was changed. */
  readonly steady: number;
}

/** Steps without an overflow after which it is doubled. */
const STEADY = 2000;

/** It stays below; more than f16 has room for between its least and its greatest number is of no use. */
const MOST = 2 ** 24;

export const firstLossScale: LossScale = { scale: 2 ** 16, steady: 0 };

/** After a step whose gradient was finite. */
export const afterStep = ({ scale, steady }: LossScale): LossScale =>
  steady + 1 < STEADY || scale >= MOST ? { scale, steady: steady + 1 } : { scale: 2 * scale, steady: 0 };

/** After a gradient that was not finite; `undefined` if the scale has no part in that. */
export const afterOverflow = ({ scale }: LossScale): LossScale | undefined =>
  scale > 1 ? { scale: scale / 2, steady: 0 } : undefined;
