import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricsFile } from '../../src/train/index.js';
import { MetricsLog } from '../../src/train/metricsLog.js';
import { killedAt } from './support/dyingDisk.js';

interface Line {
  readonly step: number;
  readonly loss: number;
}

describe('metrics.jsonl', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'metrics-'))));
  afterEach(() => rmSync(root, { recursive: true }));
  const text = (): string => readFileSync(metricsFile(root), 'utf8');
  const lines = (...steps: number[]): string =>
    steps.map((step) => `${JSON.stringify({ step, loss: 1 / step })}\n`).join('');

  it('has a line a step, and nothing before the first', () => {
    const log = new MetricsLog<Line>(root, 0);
    expect(log.earlier).to.deep.equal([]);
    for (const step of [1, 2, 3]) log.append({ step, loss: 1 / step });
    log.sync();
    expect(text()).to.equal(lines(1, 2, 3));
  });

  it('is cut back to the step that a run goes on from, and gives what it keeps', () => {
    writeFileSync(metricsFile(root), lines(1, 2, 3, 4));
    const log = new MetricsLog<Line>(root, 2);
    expect(log.earlier.map(({ loss }) => loss)).to.deep.equal([1, 1 / 2]);
    log.append({ step: 3, loss: 1 / 3 });
    expect(text()).to.equal(lines(1, 2, 3));
  });

  it('loses a torn line and no other', () => {
    for (const torn of ['{"step":3,"lo', '{"step":3}x', 'null', '\0\0\0\0']) {
      writeFileSync(metricsFile(root), lines(1, 2) + torn);
      new MetricsLog<Line>(root, 9).append({ step: 3, loss: 1 / 3 });
      expect(text(), torn).to.equal(lines(1, 2, 3));
    }
  });

  it('is as it was or cut back, whenever the process is killed', async () => {
    const open = (): unknown => new MetricsLog<Line>(root, 2);
    writeFileSync(metricsFile(root), lines(1, 2, 3));
    const calls = (await killedAt(Infinity, open)).length;
    const seen = new Set<string>();
    for (let k = 1; k <= calls; k++) {
      writeFileSync(metricsFile(root), lines(1, 2, 3));
      await killedAt(k, open);
      seen.add(text());
    }
    expect(seen).to.deep.equal(new Set([lines(1, 2, 3), lines(1, 2)]));
  });
});
