import { area, chartSize } from './axes.js';
import type { Chart, Figure } from './chart.js';
import { drawHeat } from './drawHeat.js';
import { drawLines } from './drawLines.js';
import { document, label, moved } from './svg.js';

const HEADER = 34;

const draw = (chart: Chart): string => (chart.kind === 'lines' ? drawLines(chart) : drawHeat(chart));

/** A figure as an SVG file: its title, and its charts row by row. */
export function drawFigure({ title, columns, charts }: Figure): string {
  const { width, height } = chartSize;
  const across = Math.min(columns, charts.length);
  return document(
    width * across,
    HEADER + height * Math.ceil(charts.length / across),
    label((width * across) / 2, 24, title, { 'text-anchor': 'middle', 'font-size': 15 }),
    ...charts.map((chart, i) =>
      moved(
        width * (i % across) + area.left,
        HEADER + height * Math.floor(i / across) + area.top,
        draw(chart),
      ),
    ),
  );
}
