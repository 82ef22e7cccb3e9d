/**
 * WGSL text that the 3 × 3 convolutions share. They walk over images four columns at a time, quad by quad. `p.h` and
 * `p.w` are in scope; planes and rows are given by the element at which they start.
 */

/** How a row is read and written: by vec4, which takes a width that is a multiple of four, or by element. */
export type Reading = 'quads' | 'elements';

export const readingOf = (width: number): Reading => (width % 4 === 0 ? 'quads' : 'elements');

/** A text for each way of reading. */
export const perReading = (source: (reading: Reading) => string): Record<Reading, string> => ({
  quads: source('quads'),
  elements: source('elements'),
});

/** What an array of images is made of. */
export const elementOf: Readonly<Record<Reading, string>> = { quads: 'vec4f', elements: 'f32' };

/** `text(0) text(1) … text(n − 1)`, one per line. */
export const repeat = (n: number, text: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => text(i)).join('\n');

/** Declares `name`: quad `q` of row `row` (an i32 expression) of the plane that starts at `plane`; zero outside. */
export const loadQuad = (
  reading: Reading,
  name: string,
  array: string,
  plane: string,
  row: string,
  q: string,
): string => `
    let in_${name} = ${row} >= 0 && ${row} < i32(p.h);
    let at_${name} = ${plane} + u32(clamp(${row}, 0, i32(p.h) - 1)) * p.w;
    let ${name} = ${
      reading === 'quads'
        ? `select(vec4f(), ${array}[at_${name} / 4u + ${q}], in_${name})`
        : `vec4f(${[0, 1, 2, 3].map((j) => element(name, array, `4u * ${q} + ${j}u`)).join(', ')})`
    };`;

const element = (name: string, array: string, column: string): string =>
  `select(0.0, ${array}[at_${name} + min(${column}, p.w - 1u)], in_${name} && ${column} < p.w)`;

/** Declares `mid<i>`, as loadQuad does, and its neighbours on both sides, `left<i>` and `right<i>`. */
export const loadRow = (
  reading: Reading,
  i: number,
  array: string,
  plane: string,
  row: string,
  q: string,
): string => {
  const name = `mid${i}`;
  const [left, right] =
    reading === 'quads'
      ? [
          `select(0.0, ${array}[at_${name} / 4u + max(${q}, 1u) - 1u].w, in_${name} && ${q} > 0u)`,
          `select(0.0, ${array}[at_${name} / 4u + min(${q} + 1u, p.w / 4u - 1u)].x, in_${name} && 4u * ${q} + 4u < p.w)`,
        ]
      : [
          `select(0.0, ${array}[at_${name} + max(4u * ${q}, 1u) - 1u], in_${name} && ${q} > 0u)`,
          element(name, array, `4u * ${q} + 4u`),
        ];
  return `${loadQuad(reading, name, array, plane, row, q)}
    let left${i} = ${left};
    let right${i} = ${right};`;
};

/** Writes `value` to quad `q` of the row that starts at `row`; columns beyond the edge are left out. */
export const storeQuad = (reading: Reading, array: string, row: string, q: string, value: string): string =>
  reading === 'quads'
    ? `${array}[(${row}) / 4u + ${q}] = ${value};`
    : repeat(
        4,
        (j) => `if (4u * ${q} + ${j}u < p.w) { ${array}[${row} + 4u * ${q} + ${j}u] = ${value}[${j}]; }`,
      );

/** The vec4 of row i that a kernel column v (0, 1, 2) meets. */
export const shifted = (i: number, v: number): string =>
  [`vec4f(left${i}, mid${i}.xyz)`, `mid${i}`, `vec4f(mid${i}.yzw, right${i})`][v];

/** Declares rows `r` − 1 and `r` (an i32 expression) of x as loop variables, rows 0 and 1 of three. */
export const startRows = (reading: Reading, r: string): string =>
  repeat(
    2,
    (i) => `
    var mid${i}: vec4f;
    var left${i}: f32;
    var right${i}: f32;
    {
${loadRow(reading, 2, 'x', 'plane', `(${r} + ${i - 1})`, 'q')}
      ${takeRow(i)}
    }`,
  );

/** Loads row `r` + 1 of x as the third, row 2. */
export const rowBelow = (reading: Reading, r: string): string =>
  loadRow(reading, 2, 'x', 'plane', `(${r} + 1)`, 'q');

const takeRow = (i: number, from = 2): string =>
  `mid${i} = mid${from}; left${i} = left${from}; right${i} = right${from};`;

/** Rows 1 and 2 become rows 0 and 1: a walk downwards loads each row once. */
export const stepDown = `      ${takeRow(0, 1)}
      ${takeRow(1)}`;
