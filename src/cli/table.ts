import type { Comparison, Qualities } from '../train/index.js';

const cell = ({ psnr, ssim }: { psnr: number; ssim: number }): string =>
  `${psnr.toFixed(2)} / ${ssim.toFixed(4)}`;

/** Rows of PSNR in dB, SSIM and tdE, ours beside bicubic, with what was gained in dB. */
export function comparisonTable(rows: readonly Comparison[]): string[] {
  const of = (q: Qualities, channel: 'y' | 'rgb'): string => cell(q[channel]);
  const gain = ({ ours, bicubic }: Comparison, channel: 'y' | 'rgb'): string => {
    const dB = ours[channel].psnr - bicubic[channel].psnr;
    return `${dB < 0 ? '' : '+'}${dB.toFixed(2)}`;
  };
  const table = [
    [
      '',
      'frames',
      'Y ours',
      'Y bicubic',
      'gain dB',
      'RGB ours',
      'RGB bicubic',
      'gain dB',
      'tdE ours',
      'tdE bicubic',
    ],
    ...rows.map((row) => [
      row.name,
      String(row.frames),
      ...(['y', 'rgb'] as const).flatMap((c) => [of(row.ours, c), of(row.bicubic, c), gain(row, c)]),
      ...[row.ours, row.bicubic].map(({ tdE }) => tdE?.toFixed(3) ?? '-'),
    ]),
  ];
  return alignColumns(table);
}

/** Rows of cells as lines: the first column to the left, the others to the right. */
export function alignColumns(table: readonly (readonly string[])[]): string[] {
  const widths = table[0].map((_, i) => Math.max(...table.map((row) => row[i].length)));
  return table.map((row) =>
    row.map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join('  '),
  );
}
