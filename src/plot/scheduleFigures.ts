/** What a diffusion process is made of, drawn over its steps. All numbers are those of the diffusion's functions. */
import {
  blur,
  type Diagonal,
  lambda,
  posteriorSteps,
  type ReverseStep,
  type Schedule,
  stepVariance,
} from '../diffusion/index.js';
import type { Figure, HeatMap, LineChart, Series } from './chart.js';
import { palette, viridis } from './colour.js';
import { frequencies, type Frequency, someOf } from './frequencies.js';

const STEP = 'step t';
const MOST_LINES = 6;

const stepsFrom = (first: number, { T }: Schedule): number[] =>
  Array.from({ length: T + 1 - first }, (_, i) => first + i);

/** √η and η, and the noise κ√η. */
export function etaFigure(s: Schedule): Figure {
  const line = (name: string, i: number, f: (eta: number) => number): Series => ({
    name,
    colour: palette[i],
    points: s.eta.map((eta, t) => [t, f(eta)]),
  });
  const chart = (title: string, y: string, ...series: Series[]): LineChart => ({
    kind: 'lines',
    title,
    x: STEP,
    y,
    series,
  });
  return {
    title: `Shift and noise, T = ${s.T}, κ = ${s.kappa}`,
    columns: 2,
    charts: [
      chart(
        'Share of the residual',
        'η, √η',
        line('η', 1, (eta) => eta),
        line('√η', 2, Math.sqrt),
      ),
      chart(
        'Standard deviation of the noise',
        'κ√η, images in [−1, 1]',
        line('κ√η', 3, (eta) => s.kappa * Math.sqrt(eta)),
      ),
    ],
  };
}

/** α_t, the printed variance of a step, and α̃_t, the one that fits the marginals, in units of κ². */
export function alphaFigure(s: Schedule): Figure {
  const printed: Series = {
    name: 'α (printed)',
    colour: palette[0],
    line: 'dashed',
    points: stepsFrom(1, s).map((t) => [t, s.eta[t] - s.eta[t - 1]]),
  };
  const chart = perFrequency('Variance that a step adds', 'α, α̃, units of κ²', 1, s, (t) =>
    stepVariance(t, s),
  );
  return {
    title: 'α as printed in (28) and α̃ of every frequency',
    columns: 2,
    charts: [{ ...chart, series: [printed, ...chart.series] }, heat('α̃', 1, s, (t) => stepVariance(t, s))],
  };
}

/** λ_t and D_t of every frequency. */
export const lambdaFigure = (s: Schedule): Figure => ({
  title: `What a step keeps, λ, and the blur so far, D; p = ${s.p}`,
  columns: 2,
  charts: [
    heat('λ', 1, s, (t) => lambda(t, s)),
    heat('D', 0, s, (t) => blur(t, s)),
    perFrequency('λ', 'λ', 1, s, (t) => lambda(t, s)),
    perFrequency('D', 'D', 0, s, (t) => blur(t, s)),
  ],
});

/** Coefficients of every form of the posterior, one row of charts for each. */
export const posteriorFigure = (s: Schedule): Figure => ({
  title: 'Posterior: µ = a_t u_t + a_0 u_0 + a_l u_l, standard deviation σ',
  columns: 4,
  charts: Object.entries<(t: number, s: Schedule) => ReverseStep>(posteriorSteps).flatMap(([form, step]) => [
    perFrequency(`${form}: a_t`, 'of u_t', 1, s, (t) => step(t, s).ut),
    perFrequency(`${form}: a_0`, 'of u_0', 1, s, (t) => step(t, s).u0),
    perFrequency(`${form}: a_l`, 'of u_l', 1, s, (t) => step(t, s).ul),
    perFrequency(`${form}: σ`, 'images in [−1, 1]', 1, s, (t) => map(step(t, s).variance, Math.sqrt)),
  ]),
});

/** Power of what is left of u_0 against that of the noise, for a coefficient of variance 1. */
export const snrFigure = (s: Schedule): Figure => {
  const decibels = (t: number): Diagonal =>
    map(blur(t, s), (D) => 20 * Math.log10(((1 - s.eta[t]) * D) / (s.kappa * Math.sqrt(s.eta[t]))));
  return {
    title: 'Signal-to-noise of the state: ((1 − η) D)² / (κ² η)',
    columns: 2,
    charts: [
      perFrequency('Signal-to-noise', 'dB, for a variance of 1', 1, s, decibels),
      heat('dB', 1, s, decibels),
    ],
  };
};

const map = ({ p, values }: Diagonal, f: (x: number) => number): Diagonal => ({ p, values: values.map(f) });

/** Lines over t for some frequencies of the block, from dark (low) to light (high). */
function perFrequency(
  title: string,
  y: string,
  first: number,
  s: Schedule,
  table: (t: number) => Diagonal,
): LineChart {
  const shown = someOf(frequencies(s.p), MOST_LINES);
  const tables = stepsFrom(first, s).map((t) => [t, table(t).values] as const);
  const series = shown.map(({ index, name }: Frequency, i): Series => ({
    name,
    colour: viridis((0.9 * i) / Math.max(1, shown.length - 1)),
    points: tables.map(([t, values]) => [t, values[index]]),
  }));
  return { kind: 'lines', title, x: STEP, y, series, legend: 'frequency (x, y)' };
}

/** All frequencies of the block that differ, over t. */
function heat(title: string, first: number, s: Schedule, table: (t: number) => Diagonal): HeatMap {
  const all = frequencies(s.p);
  const tables = stepsFrom(first, s).map((t) => table(t).values);
  return {
    kind: 'heat',
    title,
    x: STEP,
    y: 'cycles per pixel',
    columns: stepsFrom(first, s).map(String),
    rows: all.map(({ radius }) => radius.toFixed(2)),
    values: all.map(({ index }) => tables.map((values) => values[index])),
  };
}
