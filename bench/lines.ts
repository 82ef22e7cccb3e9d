/** What the benchmark prints while it runs. */
import type { PeerRow } from './compare.js';
import type { HostRow } from './host.js';
import type { Peak } from './peak.js';
import type { StepRow } from './report.js';
import type { WorkRow } from './work.js';

const lineOf = (name: string, ...cells: string[]): string =>
  [name.padEnd(44), ...cells.map((cell) => cell.padStart(11))].join(' ');

export const workHeader = (): string =>
  `\n${lineOf('', 'first ms', 'median ms', 'spread ms', 'GFLOP/s', 'GB/s', 'of peak')}`;

export const workLine = ({ name, first, median, spread, gflops, gbytes, ofPeak }: WorkRow): string =>
  lineOf(
    name,
    ...[first, median, spread].map((ms) => ms.toFixed(3)),
    gflops?.toFixed(1) ?? '',
    gbytes.toFixed(2),
    percent(ofPeak),
  );

export const peakLines = ({ rows }: Peak): string =>
  ['', ...rows.map(({ name, value, unit }) => lineOf(name, value.toFixed(1), unit))].join('\n');

export const hostHeader = (): string => `\n${lineOf('', 'µs an op', 'host µs', 'of raw')}`;

export const hostLine = ({ name, all, host, ofRaw }: HostRow): string =>
  lineOf(name, all.toFixed(1), host.toFixed(1), ofRaw.toFixed(2));

export const stepHeader = (): string =>
  `\n${lineOf('', 'first ms', 'warm ms', 'median ms', 'spread ms', 'host ms', 'CPU ms', 'dispatches')}`;

export const stepLine = ({ name, first, warm, median, spread, host, cpu, dispatches }: StepRow): string =>
  lineOf(name, ...[first, warm, median, spread, host, cpu, dispatches].map((value) => value.toFixed(0)));

export const peerLine = ({ name, mode, timings, ratio }: PeerRow): string => {
  const times = timings.map(({ library, median }) => `${library} ${median.toFixed(2)}`);
  return `${name}${mode === 'both' ? ', with gradients' : ''}: ${ratio.toFixed(2)} ×   (ms: ${times.join(', ')})`;
};

const percent = (part: number): string => `${(100 * part).toFixed(0)} %`;
