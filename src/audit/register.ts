import { algorithm } from './algorithm.js';
import { type Deviation, readDeviations } from './deviations.js';
import { equations } from './equations.js';
import { readGlossary, type Term } from './glossary.js';
import type { Item } from './item.js';
import { type CodePlace, scanCode, scanTests, type TestPlace } from './scan.js';
import { settings } from './settings.js';
import { tables } from './tables.js';

export const statuses = ['verified', 'corrected', 'interpreted', 'planned', 'not applicable', 'gap'] as const;

/**
 * How an item stands. `verified`: implemented as printed, and tested. `corrected`: tested, with an erratum.
 * `interpreted`: tested, with a reading of ours. `gap`: something is missing, see `gaps`.
 */
export type Status = (typeof statuses)[number];

/** An item with all that was found about it. */
export interface Row extends Item {
  readonly status: Status;
  readonly code: readonly CodePlace[];
  readonly tests: readonly TestPlace[];
  /** Errata first. An entry whose title names equations concerns those, else those whose docstrings name it. */
  readonly deviations: readonly string[];
  readonly gaps: readonly string[];
}

export interface Register {
  readonly rows: readonly Row[];
  readonly deviations: readonly Deviation[];
  readonly glossary: ReadonlyMap<string, Term>;
  /** What belongs to no row: references to items that there are not, deviations that concern nothing. */
  readonly strays: readonly string[];
}

export const items: readonly Item[] = [...equations, ...algorithm, ...settings, ...tables];

/**
 * The register: every item of the paper with its place in the code, its tests and its deviations, read from the
 * sources.
 *
 * @param root folder of a clone, with src, test and docs
 */
export function readRegister(root: string): Register {
  const code = scanCode(root);
  const tests = scanTests(root);
  const deviations = readDeviations(root);
  const glossary = readGlossary(root);
  const known = new Set(deviations.map(({ id }) => id));
  const rows = items.map((item) => rowOf(item, code, tests, deviations, glossary, known));
  const keys = new Set([...items.map(({ key }) => key), ...known]);
  const used = new Set(rows.flatMap((row) => row.deviations));
  const strays = [
    ...[...code, ...tests]
      .filter(({ key }) => !keys.has(key))
      .map(({ key, file, line }) => `${file}:${line}: names ${key}, which the register lacks`),
    ...deviations
      .filter(({ id }) => !used.has(id))
      .map(({ id, file, line }) => `${file}:${line}: ${id} concerns no item: name one in its title`),
  ];
  return { rows, deviations, glossary, strays };
}

function rowOf(
  item: Item,
  allCode: readonly CodePlace[],
  allTests: readonly TestPlace[],
  entries: readonly Deviation[],
  glossary: ReadonlyMap<string, Term>,
  known: ReadonlySet<string>,
): Row {
  const mine = ({ key }: { key: string }): boolean => key === item.key;
  const code = allCode.filter(mine);
  const named = code
    .flatMap((place) => place.deviations)
    .filter(
      (id) => item.kind !== 'equation' || entries.every((e) => e.id !== id || e.equations.length === 0),
    );
  const naming = entries.filter(({ keys }) => keys.includes(item.key)).map(({ id }) => id);
  const deviations = [...new Set([...named, ...naming])].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  const tests = allTests.filter(({ key }) => key === item.key || deviations.includes(key));
  const { planned, soFar, notApplicable } = item;
  const reserved = planned ?? notApplicable;
  const gaps = [
    ...(reserved === undefined && code.length === 0 ? ['no code names it'] : []),
    ...(reserved === undefined && !allTests.some(mine) ? ['no test names it'] : []),
    ...(planned !== undefined && code.length > 0 && soFar === undefined
      ? ['it is planned, yet code names it: say what is there so far, or that it is done']
      : []),
    ...(soFar !== undefined && code.length === 0 ? [`no code names what is there so far: ${soFar}`] : []),
    ...deviations.filter((id) => !known.has(id)).map((id) => `${id} is in no list of deviations`),
    ...item.symbols.filter((s) => !glossary.has(s)).map((s) => `${s} is not in docs/notation.md`),
  ];
  return { ...item, code, tests, deviations, gaps, status: statusOf(item, deviations, gaps) };
}

function statusOf(item: Item, deviations: readonly string[], gaps: readonly string[]): Status {
  if (gaps.length > 0) return 'gap';
  if (item.planned !== undefined) return 'planned';
  if (item.notApplicable !== undefined) return 'not applicable';
  if (deviations.some((id) => id.startsWith('E'))) return 'corrected';
  return deviations.length > 0 ? 'interpreted' : 'verified';
}

/** How many rows have each status, in the order of `statuses`. */
export const countStatuses = (rows: readonly Row[]): Record<Status, number> =>
  Object.fromEntries(
    statuses.map((status) => [status, rows.filter((row) => row.status === status).length]),
  ) as Record<Status, number>;
