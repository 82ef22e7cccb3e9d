import { execFileSync } from 'node:child_process';

/** What must stand beside every figure: where, of which commit, and when it was measured. */
export const provenance = (
  adapter: string,
): { adapter: string; commit: string; node: string; date: string } => ({
  adapter,
  commit: execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim(),
  node: process.version,
  date: new Date().toISOString(),
});
