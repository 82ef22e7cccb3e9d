import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRegister, type Register } from '../audit/index.js';
import { rootFolder } from './installation.js';

/**
 * The register, read from the sources around this program.
 *
 * @throws Error where there are none: an installed package has neither src nor test
 */
export function registerOfClone(): Register {
  const missing = ['src', 'test', 'docs'].find((folder) => !existsSync(join(rootFolder, folder)));
  if (missing)
    throw new Error(
      `expected ${join(rootFolder, missing)}: the register is read from the sources; use a clone`,
    );
  return readRegister(rootFolder);
}
