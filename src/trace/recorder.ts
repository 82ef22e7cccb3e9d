import type { Observer } from '../tensor/index.js';
import { rowOf, type TraceRow } from './row.js';

/** Writes down what an algorithm shows to `observe`. */
export class Recorder {
  private readonly pending: Promise<TraceRow>[] = [];
  private last = performance.now();

  /** @param t step that the first rows belong to */
  constructor(private t: number) {}

  /** The rows from now on belong to this step. */
  step(t: number): void {
    this.t = t;
  }

  /**
   * Reads the elements at once, while they are there. The time of a row is that since the row before: on the
   * CPU until its line was done, on a device until its elements had arrived on the host.
   */
  readonly observe: Observer = (line, symbol, x) => {
    const { t } = this;
    const lap = (): number => {
      const [before, now] = [this.last, performance.now()];
      this.last = now;
      return now - before;
    };
    const ms = x.backend.kind === 'cpu' ? lap() : undefined;
    const row = x
      .read()
      .then((values) => rowOf({ t, line, symbol, shape: x.shape, ms: ms ?? lap() }, values));
    row.catch(() => undefined); // `rows` throws it again
    this.pending.push(row);
    if (ms !== undefined) this.last = performance.now(); // without the copy
  };

  /** All rows so far. @throws DeviceError if the device failed */
  rows(): Promise<TraceRow[]> {
    return Promise.all(this.pending);
  }
}
