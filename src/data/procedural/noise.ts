/** Value noise: random numbers on a square lattice, smoothly interpolated. */
import { Random } from '../random.js';

const SIDE = 256;
const lattice = ((): Float32Array => {
  const random = new Random(0x5ee, 0xc1ea4);
  return Float32Array.from({ length: SIDE * SIDE }, () => 2 * random.uniform() - 1);
})();

/** The number in [−1, 1) at a lattice point; repeats after 256. Constant on integer cells, it colours bricks. */
export const cellNoise = (ix: number, iy: number): number => lattice[((iy & 255) << 8) | (ix & 255)];

/** Smooth noise in [−1, 1) whose lattice is 1 wide; standard deviation about 0.43. */
export function valueNoise(x: number, y: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const fx = x - ix;
  const fy = y - iy;
  const sx = fx * fx * (3 - 2 * fx);
  const sy = fy * fy * (3 - 2 * fy);
  const row0 = (iy & 255) << 8;
  const row1 = ((iy + 1) & 255) << 8;
  const x0 = ix & 255;
  const x1 = (ix + 1) & 255;
  const top = lattice[row0 | x0] + sx * (lattice[row0 | x1] - lattice[row0 | x0]);
  const bottom = lattice[row1 | x0] + sx * (lattice[row1 | x1] - lattice[row1 | x0]);
  return top + sy * (bottom - top);
}

/**
 * `octaves` layers of value noise, each at twice the frequency of the one before and `persistence` times its
 * amplitude: ½ gives amplitudes ∝ 1/f. Each is turned by 37 degrees, which hides the lattice. Standard
 * deviation about 0.43.
 */
export function fractalNoise(x: number, y: number, octaves: number, persistence: number): number {
  let sum = 0;
  let power = 0;
  let amplitude = 1;
  for (let k = 0; k < octaves; k++) {
    sum += amplitude * valueNoise(x, y);
    power += amplitude * amplitude;
    amplitude *= persistence;
    [x, y] = [1.6 * x - 1.2 * y + 17.3, 1.2 * x + 1.6 * y - 9.1];
  }
  return sum / Math.sqrt(power);
}
