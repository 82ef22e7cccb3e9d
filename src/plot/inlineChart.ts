import { frame, type Area } from './axes.js';
import type { LineChart } from './chart.js';
import { lines } from './lines.js';
import { element, moved } from './svg.js';

/** What is left free around the area for marks and their names. */
const free = { left: 56, top: 18, right: 16, bottom: 24 } as const;

/**
 * A chart as an element of an HTML page, in the colours and the font of the text around it. Title, names of the axes
 * and legend are left to the page.
 *
 * @param size of the element in pixels, before the page scales it
 * @throws RangeError if no point can be drawn
 */
export function inlineChart(chart: LineChart, size: Area): string {
  const area = { width: size.width - free.left - free.right, height: size.height - free.top - free.bottom };
  const { across, up, elements } = lines(chart, area);
  return element(
    'svg',
    {
      viewBox: `0 0 ${size.width} ${size.height}`,
      role: 'img',
      'aria-label': chart.title,
      fill: 'currentColor',
    },
    moved(free.left, free.top, frame(area, across, up), ...elements),
  );
}
