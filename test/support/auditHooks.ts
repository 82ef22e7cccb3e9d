/** Loaded by `seeclear audit` before the tests: writes the tally of each test to the file that it names. */
import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { resetTally, tally, type Tally } from './tally.js';

const tallies: Record<string, Tally> = {};

fc.installGlobalPlugin(
  fc.beforeEach(() => {
    tally.cases++;
  }),
);

beforeEach(resetTally);

afterEach(function () {
  tallies[this.currentTest!.fullTitle()] = { ...tally };
});

after(() => writeFileSync(process.env.SEECLEAR_TALLIES!, JSON.stringify(tallies)));
