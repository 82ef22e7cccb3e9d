import { Tensor, type Backend } from '../../tensor/index.js';

/** Where a mask applies. */
export interface ShiftMaskGeometry {
  /** Number of windows above one another. */
  readonly rows: number;
  /** Number of windows side by side. */
  readonly columns: number;
  /** Height and width of a window, in pixels. */
  readonly size: number;
  /** 1 … size − 1, in pixels. */
  readonly shift: number;
}

/** What the score of a forbidden pair is lowered by: exp(−100) ≈ 4e−44 is nothing beside 1. */
const FORBIDDEN = -100;

/** One key per geometry, under which a backend keeps the mask that it was given once. */
const keys = new Map<string, object>();

/**
 * Mask of a shifted window attention [Swin, section 3.2, "efficient batch computation"]: after the image is
 * rolled by −shift along both axes, the last row and the last column of windows hold pixels from opposite
 * edges. Pixels attend to each other only if, along both axes, both came around the edge or neither did.
 *
 * @returns [rows, columns, 1, 1, size², 1, size²], 0 or −100; the ones stand for heads, and frames of query and key
 */
export function shiftMask(backend: Backend, geometry: ShiftMaskGeometry): Tensor {
  const { rows, columns, size, shift } = geometry;
  const name = [rows, columns, size, shift].join();
  let key = keys.get(name);
  if (!key) keys.set(name, (key = {}));
  const storage = backend.constant(key, () => maskValues(geometry));
  return new Tensor(backend, [rows, columns, 1, 1, size ** 2, 1, size ** 2], storage);
}

function maskValues({ rows, columns, size, shift }: ShiftMaskGeometry): Float64Array {
  const pixels = size * size;
  const values = new Float64Array(rows * columns * pixels * pixels);
  const cameAround = (p: number): boolean => p >= size - shift;
  const differ = (a: number, b: number): boolean => cameAround(a) !== cameAround(b);
  let at = 0;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let i = 0; i < pixels; i++)
        for (let j = 0; j < pixels; j++) {
          const apartInY = row === rows - 1 && differ(Math.floor(i / size), Math.floor(j / size));
          const apartInX = column === columns - 1 && differ(i % size, j % size);
          values[at++] = apartInY || apartInX ? FORBIDDEN : 0;
        }
  return values;
}
