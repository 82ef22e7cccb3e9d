/** What `seeclear train` shows of a run besides metrics.jsonl: validations, report.html, event files. */
import { cpus, release, type as system } from 'node:os';
import {
  EventFile,
  findRunFile,
  type RunFile,
  type Session,
  writeReport,
  writeRunFile,
} from '../report/index.js';
import {
  type StepRecord,
  type TrainState,
  Validation,
  type ValidationParts,
  type ValidationRecord,
} from '../train/index.js';
import { commit, versions } from './installation.js';
import type { Io } from './io.js';

/** What a run is watched with. */
export interface WatchParts extends ValidationParts {
  readonly io: Io;
  /** As it was typed. */
  readonly command: string;
  /** The run goes on after this step; 0 begins anew. */
  readonly after: number;
  readonly tensorboard: boolean;
  /** Steps between reports, besides those after validations. */
  readonly reportEvery: number;
}

export class RunWatch {
  private readonly start = performance.now();
  private readonly validation: Validation | undefined;
  private readonly run: RunFile;
  private readonly events: EventFile | undefined;

  /** @throws InputError if the clips for validation cannot be read, or the folder cannot be used */
  constructor(private readonly parts: WatchParts) {
    const { config, model, folder, after, command, backend, tensorboard } = parts;
    this.validation = Validation.of(parts, after);
    const head = commit();
    const session: Session = {
      command,
      started: new Date().toISOString(),
      after,
      device: backend.description,
      machine: `${system()} ${release()}, ${cpus()[0].model}`,
      versions: versions(),
      ...(head !== undefined && { commit: head }),
      seconds: 0,
    };
    const earlier = after > 0 ? (findRunFile(folder)?.sessions ?? []) : [];
    this.run = { config, parameters: model.parameters, sessions: [...earlier, session] };
    if (tensorboard) this.events = new EventFile(folder, after + 1);
  }

  /** Is shown each step of the run, in order. */
  async afterStep(record: StepRecord, state: TrainState): Promise<void> {
    const { io, reportEvery } = this.parts;
    this.events?.write(record.step, scalarsOf(record));
    const validated = await this.validation?.after(state);
    if (validated) {
      this.events?.write(record.step, validationScalars(validated));
      io.err(describe(validated));
    }
    if (validated || record.step % reportEvery === 0) this.report();
  }

  /** Writes the report as of now. @returns its path */
  report(): string {
    const { folder } = this.parts;
    const { sessions, ...run } = this.run;
    const now = { ...sessions[sessions.length - 1], seconds: (performance.now() - this.start) / 1000 };
    writeRunFile(folder, { ...run, sessions: [...sessions.slice(0, -1), now] });
    return writeReport(folder);
  }
}

const scalarsOf = ({
  loss,
  gradNorm,
  lr,
  scale,
  samplesPerSecond,
  bytes,
  tensors,
}: StepRecord): Record<string, number> => ({
  'train/loss': loss,
  'train/gradient norm': gradNorm,
  'train/learning rate': lr,
  ...(scale !== undefined && { 'train/loss scale': scale }),
  'train/clips per second': samplesPerSecond,
  'device/bytes': bytes,
  'device/tensors': tensors,
});

const validationScalars = ({ ours, bicubic }: ValidationRecord): Record<string, number> =>
  Object.fromEntries(
    Object.entries({ ours, bicubic }).flatMap(([who, scores]) =>
      Object.entries(scores).map(([name, value]): [string, number] => [
        `validation/${name} ${who}`,
        value as number,
      ]),
    ),
  );

const describe = ({ step, ours, bicubic, best, seconds }: ValidationRecord): string =>
  `validation at step ${step}: PSNR ${ours.psnr.toFixed(2)} dB, bicubic ${bicubic.psnr.toFixed(2)}; SSIM ${ours.ssim.toFixed(4)}, bicubic ${bicubic.ssim.toFixed(4)}; ${seconds.toFixed(1)} s${best ? '; the best so far' : ''}`;
