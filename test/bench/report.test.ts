import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PeerRow } from '../../bench/compare.js';
import { performancePage } from '../../bench/performancePage.js';
import { provenance } from '../../bench/provenance.js';
import { readReport, writePart, type Report } from '../../bench/report.js';

const about = provenance('a device');
const hostRow = { name: 'add', replayed: false, all: 50, host: 20, ofRaw: 1.2, ratios: [1.2] };

describe('the file of a benchmark', () => {
  let folder = '';
  before(() => (folder = mkdtempSync(join(tmpdir(), 'seeclear-report-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('takes parts one by one, and keeps the others', () => {
    const file = join(folder, 'new', 'bench.json');
    writePart(file, 'host', about, { rows: [hostRow] });
    writePart(file, 'steps', about, { rows: [] });
    writePart(file, 'host', about, { rows: [{ ...hostRow, all: 40 }] });
    const { parts } = readReport(file);
    expect(Object.keys(parts)).to.deep.equal(['host', 'steps']);
    expect(parts.host!.rows[0].all).to.equal(40);
    expect(parts.host!.commit).to.equal(about.commit);
  });

  it('refuses the results of another device', () => {
    const file = join(folder, 'bench.json');
    writePart(file, 'host', about, { rows: [] });
    expect(() => {
      writePart(file, 'steps', provenance('another device'), { rows: [] });
    }).to.throw('expected results of another device, got those of a device');
  });
});

/** Ours takes `ours` ms, the fastest other library 12 ms. */
const row = (name: string, mode: PeerRow['mode'], ours: number): PeerRow => ({
  name,
  op: 'matmul',
  mode,
  timings: [
    { library: 'ours', median: ours, rounds: [ours], first: 100 },
    { library: 'tfjs', median: 12, rounds: [12], first: 200 },
  ],
  ratio: 12 / ours,
  ratios: [12 / ours],
});

const pageOf = (rows: readonly PeerRow[], date = about.date): Report => ({
  adapter: 'a device',
  parts: { peers: { ...about, date, seed: '', versions: { tfjs: '1.2.3' }, rows } },
});

/** The cells of the line of a table that starts with `name`, the n-th such line. */
const cells = (page: string, name: string, n = 0): string[] =>
  page
    .split('\n')
    .filter((line) => line.startsWith(`| ${name} |`))
    [n].split('|')
    .map((cell) => cell.trim());

describe('docs/performance.md', () => {
  it('says what is reached and what is short', () => {
    const rows = [row('matmul 512', 'forward', 4), row('matmul 512', 'both', 13.3)];
    const reached = performancePage([pageOf(rows)]);
    expect(cells(reached, 'matmul 512')).to.include.members(['≥ 3', 'reached']);
    expect(cells(reached, 'matmul 512', 1)).to.include.members(['≥ 2', '**short**', '3.33']);
    const short = performancePage([pageOf([row('matmul 512', 'forward', 4.1)])]);
    expect(cells(short, 'matmul 512')).to.include('**short**');
  });

  it('wants half of a replayed op', () => {
    const replayed = { ...hostRow, name: 'add, replayed', replayed: true, ofRaw: 0.7 };
    const rows = [{ ...hostRow, name: 'raw', ofRaw: 1 }, hostRow, replayed];
    const page = performancePage([{ adapter: 'a device', parts: { host: { ...about, seed: '', rows } } }]);
    expect(cells(page, 'add')).to.include.members(['≤ 1.3', 'reached']);
    expect(cells(page, 'add, replayed')).to.include.members(['≤ 0.65', '**short**']);
  });

  it('takes the newest results of a device', () => {
    const old = pageOf([row('matmul 512', 'forward', 1)], '2026-01-01T00:00:00.000Z');
    const page = performancePage([old, pageOf([row('matmul 512', 'forward', 6)])]);
    expect(page).to.include('**2.00**').and.not.include('**12.0**');
    expect(page.match(/^## a device$/gm)).to.have.length(1);
  });
});
