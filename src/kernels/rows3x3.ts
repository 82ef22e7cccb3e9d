/** WGSL text that the 3 × 3 convolutions share. */

/** `text(0) text(1) … text(n − 1)`, one per line. */
export const repeat = (n: number, text: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => text(i)).join('\n');

/**
 * Loads row `row` (an i32 expression) of the plane that starts at `plane` (in vec4), columns 4q−1 … 4q+4 around
 * quad `q`, as `left<i>`, `mid<i>`, `right<i>`; zero outside. Expects p.h and p.w4 in scope.
 */
export const loadRow = (array: string, i: number, row: string, plane: string, q: string): string => `
    let in${i} = ${row} >= 0 && ${row} < i32(p.h);
    let at${i} = ${plane} + u32(clamp(${row}, 0, i32(p.h) - 1)) * p.w4 + ${q};
    let mid${i} = select(vec4f(), ${array}[at${i}], in${i});
    let left${i} = select(0.0, ${array}[max(at${i}, 1u) - 1u].w, in${i} && ${q} > 0u);
    let right${i} = select(0.0, ${array}[min(at${i} + 1u, p.last)].x, in${i} && ${q} + 1u < p.w4);`;

/** The vec4 of row i that a kernel column v (0, 1, 2) meets. */
export const shifted = (i: number, v: number): string =>
  [`vec4f(left${i}, mid${i}.xyz)`, `mid${i}`, `vec4f(mid${i}.yzw, right${i})`][v];
