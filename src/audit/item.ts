/** What the register lists. */

/** The numbered parts of the paper: equations, lines of Algorithm 1, hyper-parameters of section 4.1, tables. */
export type Kind = 'equation' | 'line' | 'setting' | 'table';

/**
 * One item of the paper, with what only a person can know about it. Where it is in the code, how it is computed
 * there, and what tests it, is found by reading the code (`scan`).
 */
export interface Item {
  readonly kind: Kind;
  /** `34`, `line 41`, `clip length`, `Table 2`: how code, tests and commands refer to it. */
  readonly key: string;
  /** As the paper prints it. */
  readonly printed: string;
  readonly meaning: string;
  /** Symbols of the formula, each a row of docs/notation.md. */
  readonly symbols: readonly string[];
  /** What is still to be built. */
  readonly planned?: string;
  /** Of a planned item: what stands in the code already. */
  readonly soFar?: string;
  /** Why no code can correspond to it. */
  readonly notApplicable?: string;
}

export type Reservation = Pick<Item, 'planned' | 'soFar' | 'notApplicable'>;
