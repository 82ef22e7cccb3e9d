import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { items, keysOf, readRegister, type Row } from '../../src/audit/index.js';

describe('the register', () => {
  it('lists every equation, line and table once', () => {
    const keys = items.map(({ key }) => key);
    expect(new Set(keys).size).to.equal(keys.length);
    const upTo = (n: number, prefix = ''): string[] =>
      Array.from({ length: n }, (_, i) => `${prefix}${i + 1}`);
    expect(keys).to.include.members([...upTo(36), ...upTo(45, 'line '), ...upTo(5, 'Table ')]);
  });

  it('has no row without a status, and names nothing that is not there', () => {
    const { rows, strays } = readRegister('.');
    const gaps = rows.filter(({ status }) => status === 'gap');
    expect(gaps.map(({ key, gaps }) => `${key}: ${gaps.join('; ')}`)).to.deep.equal([]);
    expect(strays).to.deep.equal([]);
  });

  it('has nothing pending in the equations, and of Algorithm 1 only what stands in the place of VRT', () => {
    const pending = readRegister('.').rows.filter(
      ({ kind, planned }) => ['equation', 'line'].includes(kind) && planned !== undefined,
    );
    expect(pending.map(({ key }) => key)).to.deep.equal(['line 1']);
  });
});

describe('reading a clone', () => {
  let root: string;
  const put = (file: string, ...lines: string[]): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), lines.join('\n'));
  };
  const row = (key: string): Row => readRegister(root).rows.find((row) => row.key === key)!;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'seeclear-register-'));
    put('docs/deviations.md', '**E1 — sign in (4).** Wrong.', '', '**I1 — order.** See lines 10 and 12.', '');
    put('docs/notation.md', ...['e_t', 'u_l', 'D_t', 'u_0'].map((s) => `| ${s} | | | |`));
    put(
      'src/a.ts',
      '/**',
      ' * Residual.',
      ' *',
      ' *   e_t = u_l − D_t u_0',
      ' *',
      ' * @eq SeeClear (4)',
      ' */',
      'export function residual() {}',
    );
    put('test/a.test.ts', "describe('SeeClear (4): residual', () => {});");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('finds code, formula, tests and deviations', () => {
    expect(row('4')).to.deep.include({ status: 'corrected', deviations: ['E1'], gaps: [] });
    const [place] = row('4').code;
    expect(place).to.deep.include({
      file: 'src/a.ts',
      line: 8,
      name: 'residual',
      formula: ['e_t = u_l − D_t u_0'],
    });
    expect(row('4').tests).to.deep.equal([
      { key: '4', file: 'test/a.test.ts', line: 1, title: 'SeeClear (4): residual' },
    ]);
  });

  it('finds lines of Algorithm 1, in files that speak of it only', () => {
    const code = ['const u = 1; // line 10: the state', '// lines 11–12', 'const v = 2;'];
    put('src/b.ts', ...code);
    expect(row('line 10').code).to.deep.equal([]);
    put('src/b.ts', '/** Algorithm 1. */', ...code);
    expect(row('line 10').code[0]).to.deep.include({ line: 2, formula: ['const u = 1;'] });
    expect(row('line 12').code[0]).to.deep.include({ line: 3, formula: ['const v = 2;'] });
    expect(row('line 12')).to.deep.include({ deviations: ['I1'], gaps: ['no test names it'] });
  });

  it('misses a test, a tag and a symbol', () => {
    put('test/a.test.ts', '');
    expect(row('4')).to.deep.include({ status: 'gap', gaps: ['no test names it'] });
    put('test/a.test.ts', "describe('SeeClear (4), (26): residual', () => {});");
    put('docs/notation.md', '');
    expect(row('4').gaps[0]).to.equal('e_t is not in docs/notation.md');
    expect(row('26').gaps[0]).to.equal('no code names it');
  });

  it('refuses dead links both ways', () => {
    put(
      'src/b.ts',
      '/** @eq SeeClear (37) */',
      'const a = 1;',
      '/** See E9. @eq SeeClear (4) */',
      'const b = 1;',
    );
    put('test/b.test.ts', "describe('SeeClear (line 46): more', () => {});");
    put('docs/deviations.md', '**I1 — order.** Of something.');
    expect(readRegister(root).strays).to.deep.equal([
      'src/b.ts:2: names 37, which the register lacks',
      'test/b.test.ts:1: names line 46, which the register lacks',
      'docs/deviations.md:1: I1 concerns no item: name one in its title',
    ]);
    expect(row('4').gaps).to.deep.equal(['E9 is in no list of deviations']);
  });

  it('gives each of several equations of a docstring its formula, and a method its class', () => {
    put(
      'src/b.ts',
      'export class Chain {',
      '  /**',
      '   * Both.',
      '   *',
      '   *   e_t = u_l − D_t u_0   (4)',
      '   *   u_0 = Vᵀ I   (2)',
      '   *   u_l = Vᵀ I_l',
      '   *',
      '   * @eq SeeClear (2)',
      '   * @eq SeeClear (4)',
      '   */',
      '  construct() {}',
      '}',
    );
    expect(row('2').code[0]).to.deep.include({
      name: 'Chain.construct',
      formula: ['u_0 = Vᵀ I', 'u_l = Vᵀ I_l'],
    });
    expect(row('4').code[1].formula).to.deep.equal(['e_t = u_l − D_t u_0', 'u_l = Vᵀ I_l']);
  });

  it('refuses code for what is planned, unless it says what is there so far, and the other way round', () => {
    expect(row('line 1').gaps[0]).to.match(/^no code names what is there so far/);
    put('src/b.ts', '/** Algorithm 1, @setting SeeClear (data sets) */', 'const a = 1; // line 1');
    expect(row('data sets').gaps[0]).to.match(/^it is planned, yet code names it/);
    expect(row('line 1')).to.deep.include({ status: 'planned', gaps: [] });
  });

  it('reads lists of lines', () => {
    expect(keysOf('lines 10–12, 14 and 40')).to.deep.equal([
      'line 10',
      'line 11',
      'line 12',
      'line 14',
      'line 40',
    ]);
    expect([keysOf('34'), keysOf('clip length')]).to.deep.equal([['34'], ['clip length']]);
  });
});
