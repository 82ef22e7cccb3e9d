import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder that lives as long as the `describe` it is called in. */
export function temporaryFolder(): {
  path: (name: string) => string;
  put: (name: string, bytes: string | Buffer) => string;
} {
  let folder = '';
  before(() => (folder = mkdtempSync(join(tmpdir(), 'seeclear-test-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    put: (name, bytes) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), bytes);
      return path(name);
    },
  };
}
