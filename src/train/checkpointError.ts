/**
 * A file of weights cannot be used: damaged, of another model, or not safetensors. The message is one line
 * and names the file, the tensor if one is at fault, and what to do. The command line exits with status 3.
 */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';

  constructor(
    /** The file, or what stands for it. */
    readonly file: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${file}: ${problem}`, options);
  }
}
