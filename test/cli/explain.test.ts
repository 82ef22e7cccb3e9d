import { expect } from 'chai';
import { run } from './run.js';

const text = async (...argv: string[]): Promise<string> => {
  const { status, out, err } = await run(['explain', ...argv]);
  expect([status, err]).to.deep.equal([0, []]);
  return out.join('\n');
};

describe('seeclear explain', () => {
  it('an equation: as printed, as implemented, symbols, code, tests, errata', async () => {
    const page = await text('34');
    expect(page).to.match(/^\(34\) {2}mean of the posterior\ncorrected: E1, E2/);
    for (const part of ['− α_t η_{t−1}) u_l', '(α̃_t/η_t)', 'η_t', 'E1 — sign']) expect(page).to.include(part);
    expect(page).to.match(/src\/diffusion\/posterior\.ts:\d+ {2}correctedStep/);
    expect(page).to.match(/test\/diffusion\/posterior\.test\.ts:\d+ {2}SeeClear \(34\)/);
    expect(await text('(34)')).to.equal(page);
  });

  it('a line, a deviation, a setting and a table', async () => {
    expect(await text('line', '41'))
      .to.include('α_t µ(I^t, Ī^{t+1}) + η_t ε')
      .and.to.match(/[EI]\d+ — line 41/);
    expect(await text('e1')).to.match(/^\W*E1/);
    expect(await text('clip length')).to.include('CLIP_FRAMES');
    expect(await text('Table 2')).to.include('planned');
  });

  it('as JSON', async () => {
    const row = JSON.parse(await text('36', '--json')) as Record<string, unknown>;
    expect(row).to.deep.include({ key: '36', kind: 'equation' });
    expect(row.code).to.be.an('array').with.length.greaterThan(0);
  });

  it('refuses what is no item with one line that says what there is', async () => {
    const { status, out, err } = await run(['explain', '37']);
    expect([status, out, err.length]).to.deep.equal([2, [], 1]);
    expect(err[0]).to.include('line 45').and.to.include("got '37'");
  });
});
