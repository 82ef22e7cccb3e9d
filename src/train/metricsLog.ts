import { appendFileSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from './atomicFile.js';
import { recordsIn } from './records.js';

export const metricsFile = (folder: string): string => join(folder, 'metrics.jsonl');

/**
 * metrics.jsonl of a run: one line a step, in order, so that it is a function of the run, however often that was
 * stopped, killed and resumed.
 */
export class MetricsLog<R extends { readonly step: number }> {
  private readonly path: string;
  /** What the log held when it was opened. */
  readonly earlier: readonly R[];

  /**
   * Opens the log of a run that goes on after `step`. Lines of later steps, which a killed run has left, and a torn one
   * are cut off.
   */
  constructor(folder: string, step: number) {
    this.path = metricsFile(folder);
    mkdirSync(folder, { recursive: true });
    const text = existsSync(this.path) ? readFileSync(this.path, 'utf8') : '';
    this.earlier = recordsIn<R>(text).filter((record) => record.step <= step);
    const kept = this.earlier.map((record) => `${JSON.stringify(record)}\n`).join('');
    if (kept !== text) writeFileAtomic(this.path, new TextEncoder().encode(kept));
  }

  append(record: R): void {
    appendFileSync(this.path, `${JSON.stringify(record)}\n`);
  }

  /** Brings all lines to the disk. */
  sync(): void {
    const fd = openSync(this.path, 'a');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }
}
