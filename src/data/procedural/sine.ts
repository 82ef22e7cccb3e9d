/**
 * sin(2π x), x in turns, to 4·10⁻⁶. A polynomial rather than Math.sin, whose last digits differ from one
 * machine to the next; also several times faster.
 */
export function sine(x: number): number {
  let r = x - Math.floor(x + 0.5); // −½ … ½
  if (r > 0.25) r = 0.5 - r;
  else if (r < -0.25) r = -0.5 - r;
  const z = 2 * Math.PI * r;
  const z2 = z * z;
  return z * (1 - (z2 / 6) * (1 - (z2 / 20) * (1 - (z2 / 42) * (1 - z2 / 72))));
}

/** cos(2π x), x in turns, likewise. */
export const cosine = (x: number): number => sine(x + 0.25);
