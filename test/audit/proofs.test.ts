import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge, readRegister, runProofs } from '../../src/audit/index.js';

describe('running the tests of the register', () => {
  const { signal } = new AbortController();

  it('counts tests, cases of properties and compared numbers, and tells how close they came', async () => {
    const rows = readRegister('.').rows.filter(({ key }) =>
      ['noise schedule', 'line 3', 'clip length'].includes(key),
    );
    const proofOf = await runProofs('.', rows, signal);
    const [line, schedule, clip] = rows.map(proofOf);
    expect(line).to.deep.include({ passed: 0, failed: [], comparisons: 0, worstShare: undefined });
    expect(schedule).to.deep.include({ failed: [], skipped: 0 });
    expect(schedule.passed).to.be.greaterThan(2);
    expect(schedule.cases).to.be.at.least(100);
    expect(schedule.comparisons).to.be.greaterThan(15);
    expect(schedule.worstShare).to.be.within(1e-6, 1);
    expect(schedule.worstError).to.be.within(1e-20, 1e-12);
    expect(clip.passed).to.be.greaterThan(0); // its title is inside another
    expect(judge(rows[1], schedule)).to.equal(rows[1]);
    const failing = { ...schedule, failed: ['SeeClear (noise schedule): η'] };
    expect(judge(rows[1], failing)).to.include({ status: 'gap' });
    expect(judge(rows[1], line).gaps).to.deep.equal(['none of its tests has run']);
  });

  it('says what is missing where there are no development dependencies', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'seeclear-audit-'));
    try {
      await runProofs(empty, [], signal).then(
        () => expect.fail('ran'),
        (error: unknown) => expect((error as Error).message).to.include('npm ci'),
      );
    } finally {
      rmSync(empty, { recursive: true });
    }
  });
});
