/** What this installation is made of, and where its files are. */
import { readFileSync } from 'node:fs';
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
