import { expect } from 'chai';
import fc from 'fast-check';
import { defaultDiffusion, makeSchedule, posteriorSteps, type Schedule } from '../../src/diffusion/index.js';
import {
  alphaFigure,
  type Chart,
  drawFigure,
  etaFigure,
  type Figure,
  frequencies,
  lambdaFigure,
  posteriorFigure,
  snrFigure,
} from '../../src/plot/index.js';
import { config } from '../diffusion/setting.js';
import { expectWellFormed } from './xml.js';

const schedules = config.map(makeSchedule);
const figures = { etaFigure, alphaFigure, lambdaFigure, posteriorFigure, snrFigure };

/** The numbers of a chart, one row for each series or row of the map. */
const numbers = (chart: Chart): readonly (readonly number[])[] =>
  chart.kind === 'heat' ? chart.values : chart.series.map(({ points }) => points.map(([, y]) => y));
const chartsOf = ({ charts }: Figure): (readonly (readonly number[])[])[] => charts.map(numbers);
const close = (a: number, b: number): Chai.Assertion =>
  expect(a).to.be.closeTo(b, 1e-9 * Math.max(1, Math.abs(b)));
const each = (body: (s: Schedule) => void): void => fc.assert(fc.property(schedules, body), { numRuns: 40 });

describe('figures of a schedule', () => {
  it('can be drawn for every process, the same every time', () =>
    each((s) => {
      for (const figure of Object.values(figures)) {
        const svg = drawFigure(figure(s));
        expectWellFormed(svg);
        expect(drawFigure(figure(s))).to.equal(svg);
      }
    }));

  it('η: the two curves are a square apart, and the noise is κ times one of them', () =>
    each((s) => {
      const [[eta, root], [noise]] = chartsOf(etaFigure(s));
      expect(eta).to.deep.equal(s.eta);
      root.forEach((r, t) => close(r * r, eta[t]));
      noise.forEach((v, t) => close(v, s.kappa * root[t]));
    }));

  it('α, α̃ and λ: η_t = λ_t² η_{t−1} + α̃_t at every frequency, and α̃ ≥ α', () =>
    each((s) => {
      const [lines, alpha] = chartsOf(alphaFigure(s));
      const [lambda] = chartsOf(lambdaFigure(s));
      expect(alpha.length).to.equal(frequencies(s.p).length);
      alpha.forEach((row, k) =>
        row.forEach((a, i) => {
          close(lambda[k][i] ** 2 * s.eta[i] + a, s.eta[i + 1]);
          expect(a).to.be.at.least(lines[0][i] - 1e-12);
        }),
      );
    }));

  it('D: the product of the λ so far is (1 − η_t) D_t', () =>
    each((s) => {
      const [lambda, D] = chartsOf(lambdaFigure(s));
      lambda.forEach((row, k) => {
        let product = 1;
        row.forEach((l, i) => close((product *= l), (1 - s.eta[i + 1]) * D[k][i + 1]));
      });
    }));

  it('signal-to-noise: falls with t and with frequency, and is the squared ratio of (25)', () =>
    each((s) => {
      const [, snr] = chartsOf(snrFigure(s));
      const [, D] = chartsOf(lambdaFigure(s));
      snr.forEach((row, k) =>
        row.forEach((dB, i) => {
          if (i > 0) expect(dB).to.be.below(row[i - 1]);
          if (k > 0) expect(dB).to.be.at.most(snr[k - 1][i] + 1e-9);
          const t = i + 1;
          if (D[k][t] > 1e-100)
            close(10 ** (dB / 20) * s.kappa * Math.sqrt(s.eta[t]), (1 - s.eta[t]) * D[k][t]);
        }),
      );
    }));

  it('posterior: four charts for each form; of a constant frame µ is that frame, whatever the noise', () => {
    const forms = Object.keys(posteriorSteps);
    each((s) => {
      const charts = chartsOf(posteriorFigure(s));
      expect(charts.length).to.equal(4 * forms.length);
      for (const form of ['corrected', 'resshift']) {
        const [at, a0, al, sigma] = charts.slice(4 * forms.indexOf(form)).map(([lowest]) => lowest);
        at.forEach((a, i) => close(a + a0[i] + al[i], 1)); // frequency (0, 0) is not blurred
        sigma.forEach((v, i) => close((v / s.kappa) ** 2 + at[i] ** 2 * s.eta[i + 1], s.eta[i]));
      }
    });
  });

  it('names frequencies from low to high, the Λ that differ once each', () => {
    expect(frequencies(4).map(({ name }) => name)).to.deep.equal([
      '(0, 0)', '(1, 0)', '(1, 1)', '(2, 0)', '(2, 1)', '(2, 2)', '(3, 0)', '(3, 1)', '(3, 2)', '(3, 3)',
    ]); // prettier-ignore
    const s = makeSchedule({ ...defaultDiffusion, p: 8 });
    const [, D] = chartsOf(lambdaFigure(s));
    const last = D.map((row) => row[s.T]);
    last.forEach((d, i) => i > 0 && expect(d).to.be.below(last[i - 1]));
  });
});
