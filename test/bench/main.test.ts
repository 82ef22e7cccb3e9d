import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readReport } from '../../bench/report.js';
import { onGpu } from '../support/gpu.js';

const bench = ['--import=tsx', 'bench/main.ts'];

describe('npm run bench', () => {
  let folder = '';
  before(() => (folder = mkdtempSync(join(tmpdir(), 'seeclear-bench-'))));
  after(() => rmSync(folder, { recursive: true }));

  it(
    'checks, times and writes',
    onGpu(async () => {
      const file = join(folder, 'bench.json');
      const options = ['--quick', '--parts', 'kernels,host', '--only', 'window attention', '--json', file];
      execFileSync(process.execPath, [...bench, ...options], { stdio: 'pipe' });
      const { adapter, parts } = readReport(file);
      expect(adapter).not.to.equal('');
      expect(parts.kernels!.peak.gflops).to.be.greaterThan(0);
      expect(parts.kernels!.rows.map(({ name }) => name)).to.include(
        'window attention, grads of keys and values',
      );
      for (const { median } of parts.kernels!.rows) expect(median).to.be.greaterThan(0);
      const { rows } = parts.host!;
      expect(rows.map(({ replayed }) => replayed)).to.deep.equal([false, false, true, false, true]);
      expect(rows[0].ofRaw).to.equal(1);
      for (const { all, host } of rows) expect(all).to.be.greaterThan(host);
      return Promise.resolve();
    }),
  );

  const run = (...options: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [...bench, ...options], { encoding: 'utf8' });

  it('refuses what it does not know with one line and status 2', () => {
    const part = run('--parts', 'kernel');
    expect(part.status).to.equal(2);
    expect(part.stderr).to.match(/^bench: --parts: expected some of kernels, .*, got kernel\n$/);
    const option = run('--part', 'kernels');
    expect(option.status).to.equal(2);
    expect(option.stderr).to.match(/^bench: .*'--part'.*--help.*\n$/);
  });

  it('says how it is used', () => {
    const { status, stdout, stderr } = run('--help');
    expect(status).to.equal(0);
    expect(stderr).to.equal('');
    for (const option of ['parts', 'peers', 'only', 'rounds', 'quick', 'json'])
      expect(stdout).to.include(`--${option}`);
  });
});
