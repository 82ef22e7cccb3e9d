import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The command line in a process of its own. */
const start = (argv: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['--import=tsx', 'src/cli/main.ts', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });

describe('the process of a command line', () => {
  for (const [closed, other, argv] of [
    ['stdout', 'stderr', ['--help']],
    ['stderr', 'stdout', ['uspcale']],
  ] as const)
    it(`ends quietly where nobody reads its ${closed}`, async () => {
      const child = start(argv);
      child[closed]!.destroy();
      let text = '';
      child[other]!.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number];
      expect([code, text]).to.deep.equal([141, '']);
    });
});
