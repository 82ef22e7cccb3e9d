import type { Scores } from '../train/index.js';
import { spread } from './curves.js';
import { type Html, html } from './html.js';
import type { RunData } from './runData.js';
import type { Session } from './runFile.js';
import { grouped, showSeconds, signed } from './units.js';

/** Most rows of the table of steps. */
const ROWS = 200;

type Cell = string | number | Html | undefined;

const table = (head: readonly string[], rows: readonly (readonly Cell[])[]): Html =>
  html`<table>
    <thead>
      <tr>
        ${head.map((name) => html`<th>${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell) => html`<td>${cell}</td>`)}
          </tr> `,
      )}
    </tbody>
  </table>`;

const pairs = (rows: readonly (readonly [string, Cell])[]): Html =>
  html`<table class="pairs">
    <tbody>
      ${rows.map(
        ([name, value]) =>
          html`<tr>
            <td>${name}</td>
            <td>${value}</td>
          </tr> `,
      )}
    </tbody>
  </table>`;

/** All validations, beside bicubic. */
export function validationTable({ validations }: RunData): Html {
  const both = (of: (scores: Scores) => number | undefined, digits: number, i: number): string[] => {
    const { ours, bicubic } = validations[i];
    const [a, b] = [of(ours), of(bicubic)];
    return a === undefined || b === undefined
      ? ['', '', '']
      : [a.toFixed(digits), b.toFixed(digits), signed(a - b, digits)];
  };
  return table(
    [
      'Step',
      'PSNR',
      'bicubic',
      'difference',
      'SSIM',
      'bicubic',
      'difference',
      'tdE',
      'bicubic',
      'difference',
      '',
    ],
    validations.map(({ step, best }, i) => [
      grouped(step),
      ...both(({ psnr }) => psnr, 3, i),
      ...both(({ ssim }) => ssim, 4, i),
      ...both(({ tdE }) => tdE, 3, i),
      best ? 'best so far' : '',
    ]),
  );
}

/** Lines of metrics.jsonl as they are; of many, some. */
export function stepTable({ steps }: RunData): Html {
  const names = [...new Set(steps.flatMap((record) => Object.keys(record)))];
  const rows = spread(steps, ROWS).map((record) => new Map<string, Cell>(Object.entries(record)));
  return table(
    names,
    rows.map((row) => names.map((name) => row.get(name))),
  );
}

/** The settings of the run but for the network, one a row. */
export const settingsTable = ({ config: { model, ...settings }, parameters }: RunData): Html =>
  pairs([['preset', model.preset], ['parameters', grouped(parameters)], ...flat('', settings)]);

/** What the run ran on, each time that it was started. */
export const sessionTable = ({
  started,
  after,
  device,
  machine,
  versions,
  commit,
  seconds,
}: Omit<Session, 'command'>): Html =>
  pairs([
    ['started', `${started}${after > 0 ? `, after step ${grouped(after)}` : ''}`],
    ['time', showSeconds(seconds)],
    ['device', device],
    ['machine', machine],
    ...(commit === undefined ? [] : [['commit', commit] as const]),
    ...Object.entries(versions),
  ]);

/** The leaves of nested settings, named by their paths. */
function flat(path: string, value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  if (Array.isArray(value) && value.every((v) => typeof v !== 'object')) return [[path, value.join(', ')]];
  return Object.entries(value).flatMap(([key, inside]) => flat(path === '' ? key : `${path}.${key}`, inside));
}
