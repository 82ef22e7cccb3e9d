/** Runs what the documentation shows. */
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What the last line of each example must say. */
const endings: Record<string, RegExp> = {
  'fitALine.ts': /^y = 2\.0000 x \+ -1\.0000$/,
  'blurringResShift.ts': /the chain ends 0 from the HR frame$/,
};

describe('examples', () => {
  it('are all run here', () =>
    expect(readdirSync('examples').sort()).to.deep.equal(Object.keys(endings).sort()));

  for (const [file, ending] of Object.entries(endings))
    it(`${file} runs and ends as it should`, () => {
      const output = execFileSync(process.execPath, ['--import', 'tsx', join('examples', file)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      expect(output.trim().split('\n').at(-1)).to.match(ending);
    });
});
