import { inlineChart, type LineChart, type Series } from '../plot/index.js';
import type { Scores, StepRecord } from '../train/index.js';
import { type Point, smoothed, smoothingSpan, spread, thinned } from './curves.js';
import { Html, html } from './html.js';
import type { RunData } from './runData.js';
import { significant } from './units.js';

/** Points of a line, and columns that answer the pointer, at most. */
const POINTS = 800;
const NOTES = 160;

/** Colours of the style sheet, which has one of each for light and for dark. */
const OURS = 'var(--accent)';
const OTHER = 'var(--other)';
const ALARM = 'var(--alarm)';

/** How wide a chart is on the page, and what it measures before the page scales it. */
const sizes = {
  wide: { width: 1050, height: 250 },
  half: { width: 505, height: 210 },
  third: { width: 325, height: 200 },
} as const;

/** A chart with its title and, if it has several series, their names. */
function figure(size: keyof typeof sizes, chart: LineChart): Html {
  const key = ({ name, line = 'solid', colour }: Series): Html =>
    html`<span class="key ${line}" style="--key: ${colour}">${name}</span>`;
  return html`<figure class="${size}">
    <figcaption>
      <b>${chart.title}</b
      ><span class="unit">${chart.y}</span>${chart.series.length > 1 ? chart.series.map(key) : undefined}
    </figcaption>
    ${new Html(inlineChart(chart, sizes[size]))}
  </figure> `;
}

/** Where in the list a stage begins. */
const firstsOf = (steps: readonly StepRecord[]): number[] =>
  [...steps.keys()].filter((i) => i === 0 || steps[i].stage !== steps[i - 1].stage);

/** Lines where stages begin, if there are several. */
function stageMarks(steps: readonly StepRecord[]): NonNullable<LineChart['marks']> {
  const firsts = firstsOf(steps);
  return firsts.length > 1 ? firsts.map((i) => ({ x: steps[i].step - 1, name: steps[i].stage })) : [];
}

/** The numbers of metrics.jsonl over the steps. */
export function trainingCharts({ steps }: RunData): Html[] {
  const [firsts, marks, span] = [firstsOf(steps), stageMarks(steps), smoothingSpan(steps.length)];
  const chart = (
    title: string,
    unit: string,
    of: (record: StepRecord) => number,
    { logarithmic = false, smooth = true } = {},
  ): LineChart => {
    const points = steps.map((record): Point => [record.step, of(record)]);
    const mean = firsts.flatMap((first, i) => smoothed(points.slice(first, firsts[i + 1]), span));
    const note = (i: number): [x: number, text: string] => {
      const [step, value] = points[i];
      const average = smooth ? `, mean ${significant(mean[i][1])}` : '';
      return [step, `step ${step}: ${significant(value)}${average} ${unit}`];
    };
    const each: Series = { name: 'each step', colour: OURS, points: thinned(points, POINTS) };
    const series: Series[] = smooth
      ? [
          { ...each, line: 'faint' },
          { name: `mean over ${span}`, colour: OURS, points: thinned(mean, POINTS) },
        ]
      : [each];
    return {
      kind: 'lines', title, x: 'step', y: unit, logarithmic, marks, series,
      notes: spread([...points.keys()], NOTES).map(note),
    }; // prettier-ignore
  };
  const loss = chart('Loss', 'Charbonnier', (record) => record.loss, { logarithmic: true });
  return [
    figure('wide', { ...loss, series: [...loss.series, ...spikes(steps)] }),
    figure(
      'half',
      chart('Gradient norm', 'before clipping', (r) => r.gradNorm, { logarithmic: true }),
    ),
    figure(
      'half',
      chart('Learning rate', '', ({ lr }) => lr, { smooth: false }),
    ),
    figure(
      'third',
      chart('Speed', 'clips/s', (record) => record.samplesPerSecond),
    ),
    figure(
      'third',
      chart('Device memory', 'MiB live', ({ bytes }) => bytes / 2 ** 20, { smooth: false }),
    ),
    figure(
      'third',
      chart('Tensors', 'live', ({ tensors }) => tensors, { smooth: false }),
    ),
  ];
}

function spikes(steps: readonly StepRecord[]): Series[] {
  const far = steps.filter(({ spike }) => spike !== undefined);
  if (far.length === 0) return [];
  const points = far.map(({ step, loss }): Point => [step, loss]);
  return [{ name: 'spikes', colour: ALARM, line: 'none', dots: true, points }];
}

/** Ours beside bicubic over the validations; the best one is marked. */
export function validationCharts({ validations }: RunData): Html[] {
  const best = validations.findLast((record) => record.best);
  const chart = (title: string, unit: string, digits: number, of: (scores: Scores) => number): LineChart => {
    const line = (who: 'ours' | 'bicubic'): Point[] =>
      validations.map((record): Point => [record.step, of(record[who])]);
    const [ours, bicubic] = [line('ours'), line('bicubic')];
    return {
      kind: 'lines', title, x: 'step', y: unit,
      series: [
        { name: 'ours', colour: OURS, dots: true, points: ours },
        { name: 'bicubic', colour: OTHER, line: 'dashed', dots: validations.length === 1, points: bicubic },
      ],
      ...(best && { marks: [{ x: best.step, name: 'best' }] }),
      notes: ours.map(([step, value], i) => [
        step, `step ${step}: ${value.toFixed(digits)}, bicubic ${bicubic[i][1].toFixed(digits)} ${unit}`,
      ]),
    }; // prettier-ignore
  };
  const moving = validations.some(({ ours }) => ours.tdE !== undefined);
  const size = moving ? 'third' : 'half';
  return [
    figure(
      size,
      chart('PSNR', 'dB, Y', 2, ({ psnr }) => psnr),
    ),
    figure(
      size,
      chart('SSIM', 'Y', 4, ({ ssim }) => ssim),
    ),
    ...(moving
      ? [
          figure(
            size,
            chart('tdE', 'less is better', 3, ({ tdE }) => tdE ?? NaN),
          ),
        ]
      : []),
  ];
}
