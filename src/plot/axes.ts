import { element, label } from './svg.js';

/** Size of the area inside the axes, in pixels. */
export interface Area {
  readonly width: number;
  readonly height: number;
}

/** The area of a chart of a figure, and what is left free around it for names and legend. */
export const area = { width: 300, height: 210, left: 62, top: 34, right: 130, bottom: 46 } as const;

/** Size of a chart with all that belongs to it. */
export const chartSize = {
  width: area.left + area.width + area.right,
  height: area.top + area.height + area.bottom,
} as const;

/** Marks of an axis: places in [0, 1] and their names. */
export type Marks = readonly (readonly [at: number, name: string])[];

/** Marks, their names, and frame, in the colour of the text around. The origin is the upper left corner of the area. */
export function frame({ width, height }: Area, across: Marks, up: Marks): string {
  const line = (x1: number, y1: number, x2: number, y2: number, opacity: number): string =>
    element('line', { x1, y1, x2, y2, stroke: 'currentColor', 'stroke-opacity': opacity });
  return [
    ...across.flatMap(([at, name]) => [
      line(width * at, height, width * at, height + 4, 0.8),
      label(width * at, height + 17, name, { 'text-anchor': 'middle', 'font-size': 11 }),
    ]),
    ...up.flatMap(([at, name]) => [
      line(-4, height * (1 - at), 0, height * (1 - at), 0.8),
      line(0, height * (1 - at), width, height * (1 - at), 0.08),
      label(-7, height * (1 - at) + 4, name, { 'text-anchor': 'end', 'font-size': 11 }),
    ]),
    element('rect', { width, height, fill: 'none', stroke: 'currentColor', 'stroke-opacity': 0.8 }),
  ].join('\n');
}

/** Title, names of the axes, and `frame`. */
export function axes({
  title,
  x,
  y,
  across,
  up,
}: {
  title: string;
  x: string;
  y: string;
  across: Marks;
  up: Marks;
}): string {
  const { width, height } = area;
  return [
    label(width / 2, -18, title, { 'text-anchor': 'middle', 'font-size': 13, 'font-weight': 'bold' }),
    label(width / 2, height + 36, x, { 'text-anchor': 'middle' }),
    label(0, 0, y, { 'text-anchor': 'middle', transform: `translate(-46 ${height / 2}) rotate(-90)` }),
    frame(area, across, up),
  ].join('\n');
}
