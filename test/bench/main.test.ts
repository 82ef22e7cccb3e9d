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
      expect(parts.kernels!.rows.map(({ name }) => name)).to.include('window attention, softmax');
      for (const { median } of parts.kernels!.rows) expect(median).to.be.greaterThan(0);
      expect(parts.host!.rows[0].ofRaw).to.equal(1);
      return Promise.resolve();
    }),
  );

  it('refuses what it does not know with one line and status 2', () => {
    const { status, stderr } = spawnSync(process.execPath, [...bench, '--parts', 'kernel'], {
      encoding: 'utf8',
    });
    expect(status).to.equal(2);
    expect(stderr).to.match(/^bench: --parts: expected some of kernels, .*, got kernel\n$/);
  });
});
