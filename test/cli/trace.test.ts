import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTrace, type Trace } from '../../src/trace/index.js';
import { run } from './run.js';

describe('seeclear trace', () => {
  let root: string;
  const at = (name: string): string => join(root, name);
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'seeclear-'));
  });
  after(() => rmSync(root, { recursive: true }));

  it('prints a row for each line and writes the same as JSON', async () => {
    const { status, out } = await run(['trace', '--device', 'cpu', '--steps', '2', '-o', at('a.json')]);
    expect(status).to.equal(0);
    const { rows, seed, model } = parseTrace('a.json', readFileSync(at('a.json'), 'utf8'));
    expect([seed, model, out.length]).to.deep.equal([0, 'tiny, untrained', rows.length + 1]);
    rows.forEach(({ hash, symbol }, i) =>
      expect(out[i + 1])
        .to.include(hash)
        .and.to.include(symbol),
    );
  });

  it('diff agrees with itself, in words and in JSON', async () => {
    const { status, out } = await run(['trace', 'diff', at('a.json'), at('a.json'), '--tolerance', '0']);
    expect([status, out]).to.deep.equal([0, ['128 rows agree, to 0.0e+0 of the largest magnitude']]);
    const json = await run(['trace', 'diff', at('a.json'), at('a.json'), '--json']);
    expect(JSON.parse(json.out.join())).to.include({ parting: null, worst: 0, compared: 128 });
  });

  it('diff names the first line where two runs part: status 1', async () => {
    const trace = parseTrace('a.json', readFileSync(at('a.json'), 'utf8'));
    const rows = trace.rows.map((row, i) => (i >= 11 ? { ...row, mean: row.mean + 1 } : row));
    writeFileSync(at('b.json'), JSON.stringify({ ...trace, rows } satisfies Trace));
    const { status, out, err } = await run(['trace', 'diff', at('a.json'), at('b.json')]);
    expect([status, out.length, err.length]).to.deep.equal([1, 3, 1]);
    expect(err[0]).to.match(/^seeclear trace: the runs part at row 11, t = 2, line 20, fbar_2: mean: /);
    const json = await run(['trace', 'diff', at('a.json'), at('b.json'), '--json']);
    expect((JSON.parse(json.out.join()) as { parting: { index: number } }).parting.index).to.equal(11);
    expect(json.status).to.equal(1);
  });

  const refused: Record<string, [status: number, message: RegExp, ...argv: string[]]> = {
    'another action': [2, /expected no argument, or diff A\.json B\.json/, 'compare', 'a', 'b'],
    'one file only': [2, /expected no argument, or diff A\.json B\.json/, 'diff', 'a'],
    'a tolerance that is no number': [
      2,
      /--tolerance: expected a number/,
      'diff',
      'a',
      'b',
      '--tolerance',
      'x',
    ],
    'one step': [2, /--steps: expected a whole number in 2/, '--steps', '1'],
    'a preset that there is not': [2, /--preset: expected one of tiny/, '--preset', 'huge'],
    'a file that is missing': [
      3,
      /none\.json: expected a trace to read, got ENOENT/,
      'diff',
      'none.json',
      'b',
    ],
    'a file that is no trace': [3, /package\.json: expected a file of format/, 'diff', 'package.json', 'b'],
    'weights that are missing': [3, /none\.safetensors: /, '--weights', 'none.safetensors'],
  };
  for (const [what, [wanted, message, ...argv]] of Object.entries(refused))
    it(`refuses ${what} with one line: status ${wanted}`, async () => {
      const { status, out, err } = await run(['trace', ...argv]);
      expect([status, out, err.length]).to.deep.equal([wanted, [], 1]);
      expect(err[0]).to.match(message);
    });
});
