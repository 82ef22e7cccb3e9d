import type { LineChart, Series } from './chart.js';
import { area, axes } from './axes.js';
import { place, type Range, rangeOf } from './range.js';
import { element, label, moved } from './svg.js';

/** Lines over two linear axes, with a legend to the right, in the order of the series. */
export function drawLines({ title, x, y, series, legend, mark }: LineChart): string {
  const points = series.flatMap((s) => s.points);
  const across = rangeOf(points.map(([x]) => x));
  const up = rangeOf(points.map(([, y]) => y));
  const middle = mark && area.width * place(mark.x, across);
  return [
    axes({ title, x, y, across: marks(across), up: marks(up) }),
    ...(mark && middle !== undefined
      ? [
          element('line', {
            x1: middle,
            x2: middle,
            y1: 0,
            y2: area.height,
            stroke: '#999',
            'stroke-dasharray': '2 3',
          }),
          label(middle + 4, 12, mark.name, { fill: '#666', 'font-size': 10 }),
        ]
      : []),
    ...series.flatMap((s) => polylines(s, across, up)),
    ...(legend ? [label(area.width + 12, 10, legend, { 'font-size': 11, fill: '#666' })] : []),
    moved(area.width + 12, legend ? 24 : 6, ...series.flatMap(entry)),
  ].join('\n');
}

const marks = (range: Range): [at: number, name: string][] =>
  range.ticks.map((tick) => [place(tick, range), String(tick)]);

/** One for each uninterrupted run of points. */
function polylines({ points, colour, dashed }: Series, across: Range, up: Range): string[] {
  const runs: string[][] = [[]];
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) runs.push([]);
    else {
      const at = [area.width * place(x, across), area.height * (1 - place(y, up))];
      runs[runs.length - 1].push(at.map((v) => v.toFixed(2)).join());
    }
  }
  return runs
    .filter((run) => run.length > 0)
    .map((run) => element('polyline', { points: run.join(' '), fill: 'none', ...stroke(colour, dashed) }));
}

const stroke = (colour: string, dashed = false): Record<string, string | number> => ({
  stroke: colour,
  'stroke-width': 1.6,
  ...(dashed && { 'stroke-dasharray': '6 4' }),
});

const entry = ({ name, colour, dashed }: Series, i: number): string[] => [
  element('line', { x1: 0, x2: 20, y1: 16 * i, y2: 16 * i, ...stroke(colour, dashed) }),
  label(25, 16 * i + 4, name, { 'font-size': 11 }),
];
