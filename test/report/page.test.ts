import { expect } from 'chai';
import fc from 'fast-check';
import { page, type RunData } from '../../src/report/index.js';
import { html } from '../../src/report/html.js';
import { smoothed, spread, thinned } from '../../src/report/curves.js';
import type { StepRecord, ValidationConfig, ValidationRecord } from '../../src/train/index.js';
import { leastRun } from '../train/support/leastRun.js';
import { attributes, expectWellFormed } from '../plot/xml.js';

const steps: StepRecord[] = Array.from({ length: 30 }, (_, i) => ({
  step: i + 1,
  stage: i < 20 ? 'condenser' : 'joint',
  loss: 0.3 / (i + 3),
  gradNorm: 0.7 / (i + 2),
  lr: 1e-4 * (i + 0.125),
  ...(i === 17 && { spike: 9.25 }),
  samplesPerSecond: 3.5 + i / 64,
  bytes: 1_000_003 + i,
  reserved: 2_000_003 + i,
  tensors: 7001 + i,
}));
const by: ValidationConfig = {
  every: 10,
  source: 'procedural',
  videos: 2,
  frames: 3,
  size: 64,
  samplingSteps: 4,
};
const validations: ValidationRecord[] = [24.125, 25.0625, 24.75].map((psnr, i) => ({
  step: 10 * (i + 1),
  ours: { psnr, ssim: 0.7 + i / 1024, tdE: 3 + i / 16 },
  bicubic: { psnr: 24.5, ssim: 0.6875, tdE: 2.875 },
  best: i < 2,
  by,
  seconds: 2,
}));
const stage = { lr: 1e-3, lrEnd: 1e-5 };
const run: RunData = {
  name: 'first',
  config: leastRun(
    { condenser: { ...stage, steps: 20 }, memory: { ...stage, steps: 0 }, joint: { ...stage, steps: 20 } },
    { validation: by },
  ),
  parameters: 98_426,
  sessions: [
    { command: 'seeclear train --out runs/first', started: '2026-01-02T03:04:05.000Z', after: 0, device: 'some device',
      machine: 'some machine', versions: { node: '20.0.1' }, commit: 'abcdef', seconds: 61 },
  ],
  steps,
  validations,
  samples: validations.map((record) => ({ record, bytes: Uint8Array.of(1, 2, record.step) })),
}; // prettier-ignore

/** The page without its doctype and its style sheet, as XML. */
const asXml = (text: string): string =>
  text.replace('<!doctype html>', '').replace(/<style>[^]*?<\/style>/, '').replaceAll(/\s+(\/?>)/g, '$1').replaceAll(/\s+/g, ' '); // prettier-ignore

describe('page', () => {
  it('is well-formed, the same every time, and whole before the first step', () => {
    const text = page(run);
    expectWellFormed(asXml(text).trim());
    expect(page(run)).to.equal(text);
    expectWellFormed(asXml(page({ ...run, steps: [], validations: [], samples: [] })).trim());
  });

  it('loads nothing and runs nothing', () => {
    const text = page(run);
    expect(text).not.to.match(/https?:|<script|<link|<iframe|@import|url\(|\son\w+=/i);
    expect(attributes(asXml(text), 'img', 'src').length).to.equal(3);
    for (const src of attributes(asXml(text), 'img', 'src')) expect(src).to.match(/^data:image\/png;base64,/);
    expect(text).to.include(`default-src 'none'`);
  });

  it('holds every number of metrics.jsonl', () => {
    const text = page(run);
    for (const record of steps)
      for (const value of Object.values(record)) expect(text).to.include(`<td>${value}</td>`);
  });

  it('draws a point for every step and dots for validations and spikes', () => {
    const text = page(run);
    const lengths = attributes(text, 'polyline', 'points').map((points) => points.split(' ').length);
    expect(lengths.filter((n) => n === steps.length).length).to.equal(9); // 6 charts, 3 of them with means too
    expect(lengths.filter((n) => n === validations.length).length).to.equal(6); // ours and bicubic in 3 charts
    expect(attributes(text, 'circle', 'r').length).to.equal(3 * validations.length + 1);
    expect(page({ ...run, steps: steps.slice(0, 17) })).not.to.include('spikes');
  });

  it('marks the stages and the best validation, and says how validations were made, and what is left', () => {
    const text = page(run).replaceAll(/\s+/g, ' ');
    for (const word of ['>condenser</text>', '>joint</text>', '>best</text>', '2 held-out procedural clips', 'in 4 steps', '−0.375', '25.06 dB', 'Step 30 of 40', '1 min 01 s so far', 'abcdef', 'some device', 'some machine', '20.0.1', '98,426', 'seeclear train --out runs/first'])
      expect(text).to.include(word); // prettier-ignore
  });

  it('shows what is hostile as it is', () => {
    const hostile = `"><script>alert(1)</script>&amp;'`;
    const [session] = run.sessions;
    const text = page({
      ...run,
      name: hostile,
      config: { ...run.config, data: hostile },
      sessions: [{ ...session, command: hostile, device: hostile, versions: { [hostile]: hostile } }],
    });
    expectWellFormed(asXml(text).trim());
    expect(text).not.to.include('<script');
    expect(text.match(/&lt;script&gt;alert\(1\)&lt;\/script&gt;&amp;amp;'/g)!.length).to.be.at.least(6);
  });

  it('stays small in a long run, and keeps what stands out', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({ ...steps[0], step: i + 1, loss: i === 12_345 ? 0.875 : 0.01 }));
    const text = page({ ...run, steps: many, validations: [] });
    expect(text.length).to.be.below(700_000);
    const [loss] = attributes(text, 'polyline', 'points');
    const heights = loss.split(' ').map((point) => Number(point.split(',')[1]));
    expect(heights.filter((y) => y < heights[0] - 50).length).to.equal(1);
  }); // prettier-ignore
});

describe('html', () => {
  it('escapes whatever is put in, once, and nothing that is HTML already', () =>
    fc.assert(
      fc.property(fc.string(), (text) => {
        const unescaped = (s: string): string =>
          s.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
        const { text: written } = html`<b title="${text}">${[html`<i>${text}</i>`]}</b>`;
        const [, attribute, inside] = /^<b title="([^"<>]*)"><i>([^"<>]*)<\/i><\/b>$/.exec(written)!;
        expect([unescaped(attribute), unescaped(inside)]).to.deep.equal([text, text]);
      }),
    )); // prettier-ignore
});

describe('curves', () => {
  const random = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 3000 });

  it('thinned: few points of the line, in order, with its least and its greatest', () =>
    fc.assert(
      fc.property(random, fc.integer({ min: 10, max: 100 }), (ys, most) => {
        const points = ys.map((y, x) => [x, y] as const);
        const few = thinned(points, most);
        expect(few.length).to.be.at.most(Math.max(most + 2, Math.min(points.length, 2)));
        for (const [i, [x, y]] of few.entries()) {
          expect(ys[x]).to.equal(y);
          if (i > 0) expect(x).to.be.above(few[i - 1][0]);
        }
        const of = (line: readonly (readonly [number, number])[]): number[] => line.map(([, y]) => y);
        expect([Math.min(...of(few)), Math.max(...of(few))]).to.deep.equal([Math.min(...ys), Math.max(...ys)]);
      }),
    )); // prettier-ignore

  it('smoothed: a constant stays, from the first value on, and a step is followed by 1 − 1/e within the span', () => {
    const line = (f: (x: number) => number): (readonly [number, number])[] =>
      Array.from({ length: 400 }, (_, x) => [x, f(x)]);
    for (const [, y] of smoothed(line(() => 3), 50)) expect(y).to.be.closeTo(3, 1e-12); // prettier-ignore
    const after = smoothed(line((x) => (x < 300 ? 0 : 1)), 50)[349][1]; // prettier-ignore
    expect(after).to.be.closeTo(1 - Math.exp(-1), 0.01);
  });

  it('spread: the first, the last, and as many as asked for', () => {
    expect(spread([0, 1, 2, 3, 4, 5, 6, 7, 8], 3)).to.deep.equal([0, 4, 8]);
    expect(spread([1, 2], 3)).to.deep.equal([1, 2]);
  });
});
