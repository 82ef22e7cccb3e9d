/** The frequencies of a p × p block that differ in their eigenvalue Λ, from low to high. */
export interface Frequency {
  /** Where a p × p table has it, first in row-major order. */
  readonly index: number;
  /** √(x² + y²) / 2p, in cycles per pixel. */
  readonly radius: number;
  /** (x, y) */
  readonly name: string;
}

export function frequencies(p: number): Frequency[] {
  const byNorm = new Map<number, Frequency>();
  for (let y = 0; y < p; y++)
    for (let x = y; x < p; x++) {
      const norm = x * x + y * y;
      if (!byNorm.has(norm))
        byNorm.set(norm, { index: y * p + x, radius: Math.sqrt(norm) / (2 * p), name: `(${x}, ${y})` });
    }
  return [...byNorm.entries()].sort(([a], [b]) => a - b).map(([, frequency]) => frequency);
}

/** At most `most` of them, the first and the last among them. */
export function someOf<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]);
}
