import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepRow } from './report.js';

/** What `bench/step.ts` finds, run with these arguments in a process of its own, where everything is a first call. */
export function trainingStep(...options: string[]): StepRow {
  const folder = mkdtempSync(join(tmpdir(), 'seeclear-bench-'));
  try {
    const json = join(folder, 'step.json');
    const script = ['--import=tsx', 'bench/step.ts', ...options, '--json', json];
    execFileSync(process.execPath, script, { stdio: ['ignore', 'ignore', 'inherit'] });
    return (JSON.parse(readFileSync(json, 'utf8')) as { row: StepRow }).row;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
