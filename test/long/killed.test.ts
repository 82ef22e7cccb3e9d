/** `seeclear train`, killed again and again by the system, on the device. */
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { checkpointFile, metricsFile, type StepRecord } from '../../src/train/index.js';
import { onGpu } from '../support/gpu.js';

describe('forty steps of tiny on a device', () => {
  let root: string;
  before(() => (root = mkdtempSync(join(tmpdir(), 'killed-'))));
  after(() => rmSync(root, { recursive: true }));

  const settings = [
    '--preset', 'tiny', '--steps', '14,13,13', '--batch', '1', '--frames', '2', '--crop', '32', '--warmup', '2',
  ]; // prettier-ignore
  const linesOf = (folder: string): string[] => {
    const file = metricsFile(folder);
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  };
  const recordsOf = (folder: string): StepRecord[] =>
    linesOf(folder).map((line) => JSON.parse(line) as StepRecord);

  /** Trains, by a process that is killed as soon as this many steps are in its metrics. */
  async function train(folder: string, killAfter = Infinity): Promise<void> {
    const options = existsSync(folder) ? ['--resume'] : settings;
    const every = ['--save-every', '4', '--hash-every', '1', '--workers', '1'];
    const child = spawn(
      process.execPath,
      ['--import=tsx', 'src/cli/main.ts', 'train', '--out', folder, ...options, ...every],
      { stdio: 'ignore' },
    );
    const ended = once(child, 'exit');
    while (child.exitCode === null && linesOf(folder).length < killAfter) await pause(20);
    if (killAfter < Infinity) child.kill('SIGKILL');
    expect(await ended).to.deep.equal(killAfter < Infinity ? [null, 'SIGKILL'] : [0, null]);
  }

  it(
    'end in the same bits however often they are killed, in every stage and between two',
    onGpu(async () => {
      const straight = join(root, 'straight');
      await train(straight);
      for (const kills of [[17], [6, 14, 22, 27, 33]]) {
        const folder = join(root, kills.join('-'));
        for (const steps of kills) await train(folder, steps);
        await train(folder);
        for (const file of [checkpointFile, (at: string): string => join(at, 'weights.safetensors')])
          expect(readFileSync(file(folder)).equals(readFileSync(file(straight))), file(folder)).to.equal(
            true,
          );
        for (const name of ['step', 'stage', 'loss', 'gradNorm', 'lr', 'state'] as const)
          expect(recordsOf(folder).map((record) => record[name])).to.deep.equal(
            recordsOf(straight).map((record) => record[name]),
          );
      }
      expect(recordsOf(straight).map(({ step }) => step)).to.deep.equal(
        Array.from({ length: 40 }, (_, i) => i + 1),
      );
      expect(new Set(recordsOf(straight).map(({ state }) => state)).size).to.equal(40);
    }),
  ).timeout(0);
});
