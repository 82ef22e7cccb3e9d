/** Tables 1 – 5 as items of the register. Their numbers are in paperTables.ts, what we make of them in claims.ts. */
import type { Item, Reservation } from './item.js';
import { dataSets, numbers } from './plans.js';

const table = (n: number, printed: string, meaning: string, reservation: Reservation): Item => ({
  kind: 'table',
  key: `Table ${n}`,
  printed,
  meaning,
  symbols: [],
  ...reservation,
});

// prettier-ignore
export const tables: readonly Item[] = [
  table(1, 'PSNR, SSIM, LPIPS on REDS4 and Vid4', 'comparison with other methods', { planned: `needs training on REDS and Vimeo-90K; ${dataSets.planned}` }),
  table(2, 'PSNR, SSIM, LPIPS on REDS4 of 7 variants', 'ablation of the semantic control', numbers('all rows as configurations of one code path')),
  table(3, 'DISTS, NIQE, CLIP-IQA on REDS4 and Vid4', 'further measures', { planned: 'needs training on REDS and Vimeo-90K, and networks that measure quality' }),
  table(4, 'PSNR, SSIM, LPIPS of the first frames of REDS4', 'ablation of blur and attention', numbers('all rows as configurations of one code path')),
  table(5, 'parameters, steps, seconds', 'cost', { planned: 'seconds, of the preset paper on a GPU', soFar: 'the preset paper: its parameters counted, 118 M ± 10 % in the condenser, and 15 steps' }),
];
