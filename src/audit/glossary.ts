import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A symbol, as docs/notation.md has it. */
export interface Term {
  readonly symbol: string;
  readonly inCode: string;
  readonly meaning: string;
  readonly range: string;
}

/** Symbols → rows of the tables in docs/notation.md. A row of several symbols is found by each and by all: `γ,β`. */
export function readGlossary(root: string): ReadonlyMap<string, Term> {
  const rows = readFileSync(join(root, 'docs/notation.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return new Map(
    rows.flatMap(([, symbol, inCode, meaning, range]) => {
      const term = { symbol, inCode, meaning, range };
      const names = [...symbol.split(', '), symbol.replaceAll(', ', ',')];
      return names.map((name): [string, Term] => [name, term]);
    }),
  );
}
