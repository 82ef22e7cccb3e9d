/** What this installation is made of, and where its files are. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, from src/cli as from dist/cli. */
const root = new URL('../../', import.meta.url);

/** The same as a path. In a clone it also holds src, test and docs. */
export const rootFolder = fileURLToPath(root);

/** The weights that come with the package. */
export const shippedWeights = fileURLToPath(new URL('weights/small.safetensors', root));

/** The Semantic Distiller that comes with the package. */
export const shippedDistiller = fileURLToPath(new URL('weights/distiller.safetensors', root));

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Versions of this package, of what it runs on, and of the libraries that it pins. */
export function versions(): Readonly<Record<string, string>> {
  const { version, dependencies } = JSON.parse(
    readFileSync(new URL('package.json', root), 'utf8'),
  ) as Manifest;
  return { seeclear: version, node: process.versions.node, ...dependencies };
}

/** The commit of a clone, with `-dirty` after it if files have changed; undefined where there is no clone or no git. */
export function commit(): string | undefined {
  if (!existsSync(join(rootFolder, '.git'))) return undefined;
  try {
    const args = ['-C', rootFolder, 'describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
