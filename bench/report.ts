import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PeerRow } from './compare.js';
import type { HostRow } from './host.js';
import type { Peak } from './peak.js';
import type { Provenance } from './provenance.js';
import type { WorkRow } from './work.js';

/** A kernel of the model, and how often a training step launches it. */
export interface ModelRow extends WorkRow {
  readonly count: number;
}

/** The launches of one preset's training step that were timed. */
export interface ModelPart {
  readonly preset: string;
  readonly crop: number;
  /** launches of a step, and different ones among them */
  readonly launches: number;
  readonly different: number;
  /** part of the step's least time, by the device's peaks, that the rows stand for */
  readonly part: number;
  readonly rows: readonly ModelRow[];
}

/** A training step as `bench/step.ts` measures it, in ms. */
export interface StepRow {
  readonly name: string;
  /** the first step of a process, all shaders to be compiled; and where the driver has them from a process before */
  readonly first: number;
  readonly warm: number;
  readonly median: number;
  readonly spread: number;
  readonly host: number;
  readonly cpu: number;
  readonly dispatches: number;
  readonly reserved: number;
}

/** What each part of a benchmark finds. */
export interface Findings {
  readonly kernels: { readonly peak: Peak; readonly rows: readonly WorkRow[] };
  readonly model: { readonly peak: Peak; readonly presets: readonly ModelPart[] };
  readonly host: { readonly rows: readonly HostRow[] };
  readonly peers: { readonly versions: Readonly<Record<string, string>>; readonly rows: readonly PeerRow[] };
  readonly steps: { readonly rows: readonly StepRow[] };
}

export type PartName = keyof Findings;

export const partNames = ['kernels', 'model', 'host', 'peers', 'steps'] as const satisfies PartName[];

/** The file of results. Parts may be measured one by one: each says where it comes from. */
export interface Report {
  readonly adapter: string;
  readonly parts: { readonly [K in PartName]?: Provenance & { readonly seed: string } & Findings[K] };
}

/** Inputs do not depend on the run. */
export const SEED = 'input i of a kernel or case: splitmix of i + 1';

export const readReport = (file: string): Report => JSON.parse(readFileSync(file, 'utf8')) as Report;

/**
 * Puts a part into a file, which keeps its other parts.
 *
 * @throws Error if they come from another device
 */
export function writePart(
  file: string,
  name: PartName,
  about: Provenance,
  findings: Findings[PartName],
): void {
  const { adapter } = about;
  const report: Report = existsSync(file) ? readReport(file) : { adapter, parts: {} };
  if (report.adapter !== adapter)
    throw new Error(
      `${file}: expected results of ${adapter}, got those of ${report.adapter}; name another file`,
    );
  const parts = { ...report.parts, [name]: { ...about, seed: SEED, ...findings } };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ adapter, parts }, undefined, 2)}\n`);
}
