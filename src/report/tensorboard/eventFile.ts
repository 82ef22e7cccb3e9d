import { appendFileSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { double, float, int, message, text } from './protobuf.js';
import { tfRecord } from './tfRecord.js';

/** SessionLog.SessionStatus START. */
const START = 1;

/**
 * A file of scalars for TensorBoard: TFRecords, each of which is an Event (event.proto and summary.proto of
 * TensorFlow; the numbers are those of their fields). One file for each time that a run is started or resumed.
 */
export class EventFile {
  private readonly path: string;

  /**
   * Begins a file in a folder. Of steps that an earlier file has too, as after a kill, TensorBoard shows this one's.
   *
   * @param first step that may be written
   * @param now in milliseconds since 1970
   */
  constructor(
    folder: string,
    first: number,
    private readonly now: () => number = Date.now,
  ) {
    const seconds = String(Math.floor(now() / 1000)).padStart(10, '0');
    this.path = join(folder, `events.out.tfevents.${seconds}.${hostname()}.${process.pid}`);
    mkdirSync(folder, { recursive: true });
    this.append(0, text(3, 'brain.Event:2')); // file_version
    this.append(first, message(7, int(1, START))); // session_log: discards what there is from here on
  }

  /** @param scalars by their tags; stored in float32 */
  write(step: number, scalars: Readonly<Record<string, number>>): void {
    const value = ([tag, scalar]: [string, number]): Uint8Array => message(1, text(1, tag), float(2, scalar)); // value { tag, simple_value }
    this.append(step, message(5, ...Object.entries(scalars).map(value))); // summary
  }

  private append(step: number, what: Uint8Array): void {
    const event = Buffer.concat([double(1, this.now() / 1000), int(2, step), what]); // wall_time, step
    appendFileSync(this.path, tfRecord(event));
  }
}
