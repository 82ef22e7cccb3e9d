import { area, axes } from './axes.js';
import type { LineChart, Series } from './chart.js';
import { lines, stroke } from './lines.js';
import { element, label, moved } from './svg.js';

/** Lines over two axes, with a legend to the right, in the order of the series. */
export function drawLines(chart: LineChart): string {
  const { title, x, y, series, legend } = chart;
  const { across, up, elements } = lines(chart, area);
  return [
    axes({ title, x, y, across, up }),
    ...elements,
    ...(legend ? [label(area.width + 12, 10, legend, { 'font-size': 11, 'fill-opacity': 0.7 })] : []),
    moved(area.width + 12, legend ? 24 : 6, ...series.flatMap(entry)),
  ].join('\n');
}

const entry = ({ name, colour, line }: Series, i: number): string[] => [
  element('line', { x1: 0, x2: 20, y1: 16 * i, y2: 16 * i, ...stroke(colour, line) }),
  label(25, 16 * i + 4, name, { 'font-size': 11 }),
];
