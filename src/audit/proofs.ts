/** Runs the tests that the register names. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from './register.js';

/** What the tests of one item came to. */
export interface Proof {
  readonly passed: number;
  /** Full titles. */
  readonly failed: readonly string[];
  /** For want of a device or of data. */
  readonly skipped: number;
  /** Cases of properties that were tried. */
  readonly cases: number;
  /** Numbers compared within an allowed error, by the functions of test/support and test/diffusion/close.ts. */
  readonly comparisons: number;
  /** The largest of their errors as a share of what was allowed; `undefined` where nothing was compared. */
  readonly worstShare: number | undefined;
  /** The largest of their errors, relative to the magnitude that the allowed one is proportional to. */
  readonly worstError: number | undefined;
}

interface Test {
  readonly fullTitle: string;
}

interface Report {
  readonly passes: readonly Test[];
  readonly failures: readonly Test[];
  readonly pending: readonly Test[];
}

interface Tally {
  readonly cases: number;
  readonly comparisons: number;
  readonly share: number;
  readonly error: number;
}

/**
 * Runs mocha on the files that hold tests of these rows, those tests only.
 *
 * @param root folder of a clone with its development dependencies
 * @returns a function from a row to its proof
 * @throws Error if tests or mocha are not there, if mocha ends without a report, or if `signal` aborts it
 */
export async function runProofs(
  root: string,
  rows: readonly Row[],
  signal: AbortSignal,
): Promise<(row: Row) => Proof> {
  const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
  if (!existsSync(mocha))
    throw new Error('the tests need the development dependencies: run npm ci in a clone of the repository');
  const folder = mkdtempSync(join(tmpdir(), 'seeclear-audit-'));
  const [reportFile, tallyFile] = [join(folder, 'report.json'), join(folder, 'tallies.json')];
  const files = [...new Set(rows.flatMap(({ tests }) => tests.map(({ file }) => file)))].sort();
  const options = [
    '--no-config',
    '--import=tsx',
    '--timeout',
    '120000',
    '--grep',
    String.raw`(^| )(SeeClear \(|[EI]\d+: )`, // of a title, which may be inside another
  ];
  const reporter = ['--reporter', 'json', '--reporter-option', `output=${reportFile}`];
  const hooks = ['--file', 'test/support/auditHooks.ts'];
  try {
    const said = await run([mocha, ...options, ...reporter, ...hooks, ...files], root, tallyFile, signal);
    if (!existsSync(reportFile) || !existsSync(tallyFile)) throw new Error(`the tests did not run: ${said}`);
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
    const tallies = JSON.parse(readFileSync(tallyFile, 'utf8')) as Record<string, Tally>;
    return (row) => proofOf(row, report, tallies);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The row with what its tests came to: where one fails or none has run, it is a gap. */
export function judge(row: Row, { passed, failed, skipped }: Proof): Row {
  const silent = row.tests.length > 0 && passed + failed.length + skipped === 0;
  const gaps = [
    ...row.gaps,
    ...(failed.length > 0 ? [`${failed.length} of its tests FAILED`] : []),
    ...(silent ? ['none of its tests has run'] : []),
  ];
  return gaps.length > row.gaps.length ? { ...row, status: 'gap', gaps } : row;
}

/** What mocha prints on standard error, when it has ended. */
function run(args: readonly string[], cwd: string, tallyFile: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      signal,
      env: { ...process.env, SEECLEAR_TALLIES: tallyFile },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(said.trim()));
  });
}

function proofOf({ tests }: Row, report: Report, tallies: Readonly<Record<string, Tally>>): Proof {
  const titles = tests.map(({ title }) => title);
  const mine = (all: readonly Test[]): string[] =>
    all.map(({ fullTitle }) => fullTitle).filter((full) => titles.some((title) => full.includes(title)));
  const passed = mine(report.passes);
  const counted = passed.flatMap((title) => tallies[title] ?? []);
  const sum = (f: (t: Tally) => number): number => counted.reduce((n, t) => n + f(t), 0);
  const most = (f: (t: Tally) => number): number => counted.reduce((n, t) => Math.max(n, f(t)), 0);
  const comparisons = sum((t) => t.comparisons);
  return {
    passed: passed.length,
    failed: mine(report.failures),
    skipped: mine(report.pending).length,
    cases: sum((t) => t.cases),
    comparisons,
    worstShare: comparisons > 0 ? most((t) => t.share) : undefined,
    worstError: comparisons > 0 ? most((t) => t.error) : undefined,
  };
}
