import type { Deviation } from './deviations.js';
import type { Register, Row } from './register.js';
import { implemented, label, statusLine } from './show.js';

/** What a name of the paper or of its deviations stands for. */
export type Found = { readonly row: Row } | { readonly deviations: readonly Deviation[] };

/**
 * Looks up an item or a deviation: `34`, `(34)`, `line 41`, `Table 2`, `clip length`, `E1`, `I3`.
 *
 * @returns undefined if there is no such thing
 */
export function lookUp({ rows, deviations }: Register, name: string): Found | undefined {
  const key = name
    .trim()
    .replace(/^\((.*)\)$/, '$1')
    .toLowerCase();
  const entries = deviations.filter(({ id }) => id.toLowerCase() === key);
  if (entries.length > 0) return { deviations: entries };
  const row = rows.find((row) => row.key.toLowerCase() === key);
  return row && { row };
}

/** All about an item, for a terminal. */
export function explainRow(row: Row, { deviations, glossary }: Register): string[] {
  const terms = row.symbols.flatMap((symbol) => glossary.get(symbol) ?? []);
  const width = Math.max(0, ...terms.map(({ symbol }) => symbol.length));
  return [
    `${label(row)}  ${row.meaning}`,
    statusLine(row),
    ...section('as printed', [row.printed]),
    ...section('as implemented', implemented(row)),
    ...section(
      'symbols',
      [...new Set(terms)].map(
        ({ symbol, inCode, meaning, range }) =>
          `${symbol.padEnd(width)}  ${meaning}${range && `; ${range}`}${inCode && `; in code ${inCode}`}`,
      ),
    ),
    ...section(
      'code',
      row.code.map(({ file, line, name }) => `${file}:${line}${name && `  ${name}`}`),
    ),
    ...section(
      'tests',
      row.tests.map(({ file, line, title }) => `${file}:${line}  ${title}`),
    ),
    ...deviations
      .filter(({ id }) => row.deviations.includes(id))
      .flatMap((deviation) => ['', ...explainDeviation(deviation)]),
  ];
}

/** An erratum or interpretation, for a terminal. */
export const explainDeviation = ({ file, line, text }: Deviation): string[] => [
  ...text.split('\n'),
  `  ${file}:${line}`,
];

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
