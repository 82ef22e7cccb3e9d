import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

/** Where, of which commit, and when something was measured. */
export interface Provenance {
  readonly adapter: string;
  readonly commit: string;
  readonly cpu: string;
  /** processes that wanted a core just before: what is measured beside others says little */
  readonly load: number;
  readonly node: string;
  /** of the package that holds Dawn */
  readonly webgpu: string;
  readonly date: string;
}

/** What must stand beside every figure. */
export const provenance = (adapter: string): Provenance => ({
  adapter,
  commit: execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim(),
  cpu: `${cpus().length} × ${cpus()[0].model}`,
  load: loadavg()[0],
  node: process.version,
  webgpu: packageVersion('node_modules/webgpu'),
  date: new Date().toISOString(),
});

/** The version of an installed package. */
export const packageVersion = (folder: string): string =>
  (JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { version: string }).version;
