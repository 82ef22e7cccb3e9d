import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepRow } from './report.js';

/**
 * What `bench/step.ts` finds, run with these arguments in a process of its own, where everything is a first call. The
 * driver's cache of compiled shaders is empty then (Mesa's; another driver's is left as it is). A second process, which
 * takes one step, finds it filled: `warm`.
 */
export function trainingStep(preset: string, steps: number): StepRow {
  const folder = mkdtempSync(join(tmpdir(), 'seeclear-bench-'));
  const env = { ...process.env, MESA_SHADER_CACHE_DISABLE: 'false', MESA_SHADER_CACHE_DIR: folder };
  const json = join(folder, 'step.json');
  const run = (count: number): Omit<StepRow, 'warm'> => {
    const script = ['--import=tsx', 'bench/step.ts', '--preset', preset, '--steps', String(count)];
    execFileSync(process.execPath, [...script, '--json', json], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return (JSON.parse(readFileSync(json, 'utf8')) as { row: StepRow }).row;
  };
  try {
    const row = run(steps);
    return { ...row, warm: run(1).first };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
