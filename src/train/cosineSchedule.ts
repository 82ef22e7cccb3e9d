/** A learning rate that rises in a line and falls along half a cosine. */
export interface CosineSchedule {
  /** the highest rate, reached after the warm-up */
  readonly from: number;
  /** the rate of the last step */
  readonly to: number;
  /** steps in all, at least 1 */
  readonly steps: number;
  /** steps of linear rise from 0, less than `steps`; 0 for none */
  readonly warmup: number;
}

/**
 * The learning rate of a step, SGDR (Loshchilov and Hutter, 2017, (5)) without restarts:
 *
 *   lr = from (step + 1) / warmup                                             step < warmup
 *   lr = to + ½ (from − to)(1 + cos π u),  u = (step − warmup) / (steps − 1 − warmup)
 *
 * @param step 0 … steps − 1; later steps keep `to`
 * @setting SeeClear (learning rate)
 */
export function cosineSchedule(step: number, { from, to, steps, warmup }: CosineSchedule): number {
  if (step < warmup) return (from * (step + 1)) / warmup;
  const span = Math.max(1, steps - 1 - warmup);
  const u = Math.min(1, (step - warmup) / span);
  return to + ((from - to) * (1 + Math.cos(Math.PI * u))) / 2;
}
