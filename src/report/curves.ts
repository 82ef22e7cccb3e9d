/** What becomes of a series of many values before it is drawn. */

export type Point = readonly [x: number, y: number];

/**
 * At most about `most` of the points: of each stretch of neighbours the least and the greatest, so that nothing that
 * stands out is lost.
 */
export function thinned(points: readonly Point[], most: number): Point[] {
  const stretch = Math.ceil((2 * points.length) / most);
  if (stretch <= 2) return [...points];
  return Array.from({ length: Math.ceil(points.length / stretch) }, (_, i) => {
    const some = points.slice(i * stretch, (i + 1) * stretch);
    const least = some.reduce((a, b) => (b[1] < a[1] ? b : a));
    const greatest = some.reduce((a, b) => (b[1] > a[1] ? b : a));
    if (least === greatest) return [least];
    return least[0] < greatest[0] ? [least, greatest] : [greatest, least];
  }).flat();
}

/** At most `most` of the items, evenly spread, the first and the last among them. */
export const spread = <T>(items: readonly T[], most: number): T[] =>
  items.length <= most
    ? [...items]
    : Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]);

/** How many steps to smooth a run of `n` over. */
export const smoothingSpan = (n: number): number => Math.round(Math.min(Math.max(n / 20, 5), 500));

/**
 * The exponential mean of the values so far, without the bias of its beginning:
 *
 *   s_i = (1 − β) Σ_{j≤i} β^{i−j} y_j / (1 − β^{i+1}),   β = 1 − 1/span
 */
export function smoothed(points: readonly Point[], span: number): Point[] {
  const beta = 1 - 1 / span;
  let [sum, weight] = [0, 0];
  return points.map(([x, y]) => {
    sum = beta * sum + y;
    weight = beta * weight + 1;
    return [x, sum / weight];
  });
}
