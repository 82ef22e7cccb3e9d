/** seeclear audit — every item of the paper, its status, and its tests, run now. */
import {
  countStatuses,
  judge,
  label,
  type Proof,
  type Row,
  runProofs,
  statuses,
  statusLine,
} from '../audit/index.js';
import { registerOfClone } from './clone.js';
import { command } from './command.js';
import { Interrupted } from './errors.js';
import { rootFolder } from './installation.js';

export const audit = command({
  name: 'audit',
  summary: 'every item of the paper: status, place in the code, tests run now',
  usage: '',
  description: [
    'Reads the register from code, tests and docs, runs the tests that it names, and prints a row for each equation,',
    'line of Algorithm 1, setting of section 4.1 and table: status, code, tests passed, cases of properties tried,',
    'numbers compared, and the largest error as a share of what was allowed. Fails on a gap or a failing test.',
    'Needs a clone with its development dependencies.',
  ].join('\n'),
  options: {},
  positionals: [0, 0],
  async run({ values }, io) {
    const { rows: items, strays } = registerOfClone();
    io.err('running the tests of the register');
    const proofOf = await runProofs(rootFolder, items, io.signal).catch((error: unknown) => {
      throw io.signal.aborted ? new Interrupted('interrupted; nothing was written') : error;
    });
    const proofs = items.map(proofOf);
    const rows = items.map((row, i) => judge(row, proofs[i]));
    const counts = countStatuses(rows);
    if (values.json)
      io.out(JSON.stringify({ counts, strays, rows: rows.map((row, i) => ({ ...row, proof: proofs[i] })) }));
    else {
      const width = Math.max(...rows.map((row) => label(row).length));
      rows.forEach((row, i) => io.out(`${label(row).padEnd(width)}  ${describe(row, proofs[i])}`));
      strays.forEach((stray) => io.out(`stray: ${stray}`));
      io.out(statuses.map((status) => `${counts[status]} ${status}`).join(', '));
    }
    const gaps = counts.gap + strays.length;
    if (gaps > 0) throw new Error(`expected no gaps, got ${gaps}: see the rows`);
  },
});

function describe(row: Row, { passed, skipped, cases, comparisons, worstShare, worstError }: Proof): string {
  const error =
    worstShare === undefined || worstError === undefined
      ? []
      : worstError === 0
        ? [`${comparisons} numbers, all exact`]
        : [
            `${comparisons} numbers, worst relative error ${worstError.toExponential(1)}, at most ${(100 * worstShare).toPrecision(2)} % of what is allowed`,
          ];
  const tests = [
    ...(passed > 0 ? [`${passed} ${passed === 1 ? 'test' : 'tests'} passed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(cases > 0 ? [`${cases} cases`] : []),
    ...error,
  ];
  return [
    statusLine(row),
    ...row.code.slice(0, 1).map(({ file, line }) => `${file}:${line}`),
    ...(tests.length > 0 ? [tests.join(', ')] : []),
  ].join(' | ');
}
