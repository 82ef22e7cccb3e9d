/** Runs what the documentation shows. */
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the last line of each example must say. */
const endings: Record<string, RegExp> = {
  'fitALine.ts': /^y = 2\.0000 x \+ -1\.0000$/,
  'blurringResShift.ts': /the chain ends 0 from the HR frame$/,
};

/** What a script prints on standard output. */
const run = (script: string): string =>
  execFileSync(process.execPath, ['--import', 'tsx', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();

describe('README', () => {
  it('shows TypeScript that runs and computes what it says', () => {
    const [, snippet] = /```ts\n([^`]+)```/.exec(readFileSync('README.md', 'utf8'))!;
    const library = pathToFileURL(resolve('src/tensor/index.ts')).href;
    const folder = mkdtempSync(join(tmpdir(), 'seeclear-readme-'));
    try {
      const script = join(folder, 'snippet.mts');
      writeFileSync(script, snippet.replace("'seeclear'", JSON.stringify(library)));
      expect(Number(run(script))).to.be.closeTo(-14 / 3, 1e-5);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('examples', () => {
  it('are all run here', () =>
    expect(readdirSync('examples').sort()).to.deep.equal(Object.keys(endings).sort()));

  for (const [file, ending] of Object.entries(endings))
    it(`${file} runs and ends as it should`, () => {
      expect(run(join('examples', file)).split('\n').at(-1)).to.match(ending);
    });
});
