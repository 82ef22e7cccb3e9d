/** The loss or its gradient is no longer a number. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';

  /**
   * @param step number of the step that was not taken, from 0
   * @param where what was found to be the first that was not finite
   */
  constructor(
    readonly step: number,
    readonly report: { readonly loss: number; readonly gradNorm: number },
    where = 'go back to a checkpoint with a lower --lr',
    options?: ErrorOptions,
  ) {
    super(
      `step ${step}: expected a finite loss, got ${report.loss} with gradient norm ${report.gradNorm}; ${where}`,
      options,
    );
  }
}
