/** Sizes of a tensor's axes, outermost first. A scalar is `[]`. */
export type Shape = readonly number[];

/** Number of elements. The product over no axes is 1. */
export const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1);

export const showShape = (shape: Shape): string => `[${shape.join(', ')}]`;

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i]);

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

/** A shape contract was broken. The message names the place, the contract and what arrived. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';

  constructor(where: string, contract: string, ...got: Shape[]) {
    super(`${where}: expected ${contract}, got ${got.map(showShape).join(' and ')}`);
  }
}

type Axes<S extends string> = S extends `${infer Head} ${infer Tail}` ? Head | Axes<Tail> : S;

/**
 * Names the axes of `shape` and checks the ones that are already known.
 *
 *     const { f, h, w } = dims('ResidualBlock: x', x.shape, 'f c h w', { c: 64 });
 *
 * @throws ShapeError if the number of axes or a known size differs.
 */
export function dims<S extends string>(
  where: string,
  shape: Shape,
  pattern: S,
  known: Partial<Record<Axes<S>, number>> = {},
): Record<Axes<S>, number> {
  const axes = axesOf(pattern) as readonly Axes<S>[];
  const sizes = {} as Record<Axes<S>, number>;
  let fits = shape.length === axes.length;
  axes.forEach((axis, i) => {
    sizes[axis] = shape[i];
    fits &&= known[axis] === undefined || known[axis] === shape[i];
  });
  if (!fits) {
    const contract = axes.map((a) => (known[a] === undefined ? a : `${a}=${known[a]}`)).join(' ');
    throw new ShapeError(where, `[${contract}]`, shape);
  }
  return sizes;
}

const patterns = new Map<string, readonly string[]>();

/** The names in a pattern, split once. */
function axesOf(pattern: string): readonly string[] {
  let axes = patterns.get(pattern);
  if (!axes) patterns.set(pattern, (axes = pattern.split(' ')));
  return axes;
}

/** The one shape of all. @throws ShapeError if they differ. */
export function sameShapes(where: string, first: Shape, ...rest: Shape[]): Shape {
  if (rest.some((shape) => !sameShape(first, shape)))
    throw new ShapeError(where, 'one shape', first, ...rest);
  return first;
}
