import { area, axes } from './axes.js';
import type { HeatMap } from './chart.js';
import { viridis } from './colour.js';
import { place, rangeOf } from './range.js';
import { element, label, moved } from './svg.js';

const BAR_STEPS = 64;
/** Names on an axis; of more, every second, third, … is shown. */
const MOST_NAMES = 16;

/** A rectangle for each value, the first row at the bottom, and a bar that says what the colours mean. */
export function drawHeat({ title, x, y, columns, rows, values }: HeatMap): string {
  const range = rangeOf(values.flat());
  const [w, h] = [area.width / columns.length, area.height / rows.length];
  const centred = (names: readonly string[]): [number, string][] =>
    names.flatMap((name, i) =>
      i % Math.ceil(names.length / MOST_NAMES) === 0 ? [[(i + 0.5) / names.length, name]] : [],
    );
  const cell = (value: number, column: number, row: number): string =>
    element('rect', {
      x: column * w,
      y: area.height - (row + 1) * h,
      width: w,
      height: h,
      fill: viridis(place(value, range)),
      'shape-rendering': 'crispEdges',
    });
  const step = area.height / BAR_STEPS;
  const bar = Array.from({ length: BAR_STEPS }, (_, i) =>
    element('rect', {
      y: area.height - (i + 1) * step,
      width: 14,
      height: step + 0.5,
      fill: viridis((i + 0.5) / BAR_STEPS),
    }),
  );
  return [
    axes({ title, x, y, across: centred(columns), up: centred(rows) }),
    ...values.flatMap((row, j) => row.map((value, i) => cell(value, i, j))),
    moved(
      area.width + 16,
      0,
      ...bar,
      ...range.ticks.map((tick) =>
        label(20, area.height * (1 - place(tick, range)) + 4, String(tick), { 'font-size': 11 }),
      ),
    ),
  ].join('\n');
}
