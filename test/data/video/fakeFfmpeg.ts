import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Lets programs of ffmpeg be found in one folder only, while the `describe` lasts that it is called in; and frames go to
 * another.
 *
 * @param paths the two, asked for before each test
 */
export function onlyPrograms(paths: () => { programs: string; cache: string }): void {
  const names = ['PATH', 'SEECLEAR_CACHE', 'SEECLEAR_CACHE_GIB'];
  let saved: (string | undefined)[] = [];
  beforeEach(() => {
    saved = names.map((name) => process.env[name]);
    const { programs, cache } = paths();
    process.env.PATH = programs;
    process.env.SEECLEAR_CACHE = cache;
    delete process.env.SEECLEAR_CACHE_GIB;
  });
  afterEach(() =>
    names.forEach((name, i) => {
      if (saved[i] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = saved[i];
    }),
  );
}

/** Puts a shell script there under the name of a program. */
export function program(put: (name: string, text: string) => string, name: string, script: string): string {
  const path = put(name, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return dirname(path);
}
