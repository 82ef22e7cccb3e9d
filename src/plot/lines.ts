/** Lines over two axes, without the axes: what `drawLines` and `inlineChart` have in common. */
import type { Area, Marks } from './axes.js';
import type { LineChart, Series } from './chart.js';
import { logRangeOf, place, type Range, rangeOf } from './range.js';
import { element, escaped, label } from './svg.js';

/** A chart's lines as elements, and the marks of the axes that they fit. */
export interface Lines {
  readonly across: Marks;
  readonly up: Marks;
  readonly elements: readonly string[];
}

/** @throws RangeError if no point can be drawn */
export function lines({ series, marks = [], logarithmic, notes = [] }: LineChart, area: Area): Lines {
  const points = series.flatMap((s) => s.points);
  const across = rangeOf(points.map(([x]) => x));
  const up = (logarithmic ? logRangeOf : rangeOf)(points.map(([, y]) => y));
  const right = (x: number): number => area.width * place(x, across);
  const down = (y: number): number => area.height * (1 - place(y, up));
  return {
    across: marksOf(across),
    up: marksOf(up),
    elements: [
      ...marks.flatMap(({ x, name }, i) => {
        const next = i + 1 < marks.length ? right(marks[i + 1].x) : area.width;
        return verticalLine(right(x), name, next, area.height);
      }),
      ...series.flatMap((s) => drawn(s, right, down)),
      ...noted(notes, right, area),
    ],
  };
}

const marksOf = (range: Range): Marks => range.ticks.map((tick) => [place(tick, range), String(tick)]);

/** A line with its name above it, to the left where there is no room to the right before `next`. */
function verticalLine(x: number, name: string, next: number, height: number): string[] {
  const line = { x1: x, x2: x, y1: 0, y2: height, 'stroke-dasharray': '2 3' };
  const end = x + 6 * name.length > next;
  const words = { 'font-size': 10, ...(end && { 'text-anchor': 'end' }) };
  return [
    element('line', { ...line, stroke: 'currentColor', 'stroke-opacity': 0.5 }),
    label(x, -4, name, { ...words, fill: 'currentColor', 'fill-opacity': 0.7 }),
  ];
}

/** A polyline for each uninterrupted run of points, and the dots. */
function drawn(
  { points, colour, line = 'solid', dots = false }: Series,
  right: (x: number) => number,
  down: (y: number) => number,
): string[] {
  const runs: [x: number, y: number][][] = [[]];
  for (const [x, y] of points) {
    const at: [number, number] = [right(x), down(y)];
    if (at.every(Number.isFinite)) runs[runs.length - 1].push(at);
    else runs.push([]);
  }
  const found = runs.filter((run) => run.length > 0);
  const polyline = (run: [number, number][]): string =>
    element('polyline', {
      points: run.map((at) => at.map((v) => v.toFixed(2)).join()).join(' '),
      fill: 'none',
      ...stroke(colour, line),
    });
  const dot = ([cx, cy]: [number, number]): string => element('circle', { cx, cy, r: 2.5, fill: colour });
  return [...(line === 'none' ? [] : found.map(polyline)), ...(dots ? found.flat().map(dot) : [])];
}

/** How a line looks, in the chart as in its legend. */
export const stroke = (colour: string, line: Series['line']): Record<string, string | number> => ({
  stroke: colour,
  'stroke-width': line === 'faint' ? 1 : 1.6,
  ...(line === 'faint' && { 'stroke-opacity': 0.4 }),
  ...(line === 'dashed' && { 'stroke-dasharray': '6 4' }),
});

/** Invisible columns, each as far as half the way to its neighbours. */
function noted(
  notes: NonNullable<LineChart['notes']>,
  right: (x: number) => number,
  { width, height }: Area,
): string[] {
  const at = notes.map(([x]) => right(x));
  return notes.map(([, text], i) => {
    const from = i === 0 ? 0 : (at[i - 1] + at[i]) / 2;
    const to = i === at.length - 1 ? width : (at[i] + at[i + 1]) / 2;
    return element(
      'rect',
      { x: from, width: to - from, height, fill: 'currentColor', 'fill-opacity': 0 },
      element('title', {}, escaped(text)),
    );
  });
}
