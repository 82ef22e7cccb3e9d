type Rgb = readonly [r: number, g: number, b: number];

/** Viridis (van der Walt and Smith, 2015) at nine equal steps: dark is small, and grey copies keep the order. */
const STOPS: readonly Rgb[] = [
  [68, 1, 84],
  [71, 45, 123],
  [59, 82, 139],
  [44, 114, 142],
  [33, 145, 140],
  [40, 174, 128],
  [94, 201, 98],
  [173, 220, 48],
  [253, 231, 37],
];

/** The colour of u in [0, 1]; what is outside is taken to the nearer end. */
export function viridis(u: number): string {
  const at = Math.min(Math.max(u, 0), 1) * (STOPS.length - 1);
  const i = Math.min(Math.floor(at), STOPS.length - 2);
  const mix = STOPS[i].map((from, c) => Math.round(from + (at - i) * (STOPS[i + 1][c] - from)));
  return `rgb(${mix.join(',')})`;
}

/** Colours for lines in no order, told apart by the colour-blind too (Okabe and Ito, 2008). */
export const palette = ['#000000', '#d55e00', '#0072b2', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;
