/** What is drawn, as data. A figure is a grid of charts. */

export interface Series {
  readonly name: string;
  /** Points in order; one with a coordinate that is not finite interrupts the line. */
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly colour: string;
  /** How points are joined; solid if left out. */
  readonly line?: 'solid' | 'dashed' | 'faint' | 'none';
  /** A dot at each point. */
  readonly dots?: boolean;
}

export interface LineChart {
  readonly kind: 'lines';
  readonly title: string;
  /** What the axes show, with the unit. */
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Above the names of the series. */
  readonly legend?: string;
  /** Vertical lines with names. */
  readonly marks?: readonly { readonly x: number; readonly name: string }[];
  /** The vertical axis is logarithmic; values that are not positive interrupt a line. */
  readonly logarithmic?: boolean;
  /** Texts by x that a browser shows where the pointer rests, in ascending order of x. */
  readonly notes?: readonly (readonly [x: number, text: string])[];
}

export interface HeatMap {
  readonly kind: 'heat';
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Names of the columns, left to right, and of the rows, bottom to top. */
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  /** One array for each row. What is not finite gets the colour of the nearer end. */
  readonly values: readonly (readonly number[])[];
}

export type Chart = LineChart | HeatMap;

export interface Figure {
  readonly title: string;
  /** Charts side by side. */
  readonly columns: number;
  readonly charts: readonly Chart[];
}
