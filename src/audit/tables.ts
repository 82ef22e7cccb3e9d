/** Tables 1 – 5 as items of the register. Their numbers are in paperTables.ts, what we make of them in claims.ts. */
import type { Item } from './item.js';

const table = (n: number, printed: string, meaning: string, planned: string): Item => ({
  kind: 'table',
  key: `Table ${n}`,
  printed,
  meaning,
  symbols: [],
  planned,
});

// prettier-ignore
export const tables: readonly Item[] = [
  table(1, 'PSNR, SSIM, LPIPS on REDS4 and Vid4', 'comparison with other methods', 'needs training on REDS and Vimeo-90K; Data: their layouts recognised'),
  table(2, 'PSNR, SSIM, LPIPS on REDS4 of 7 variants', 'ablation of the semantic control', 'Ablations of Table 2 (rows 1–7: DWT, semantic, MFSA, InCAM, CaTeGory) as configurations of one code path'),
  table(3, 'DISTS, NIQE, CLIP-IQA on REDS4 and Vid4', 'further measures', 'needs training on REDS and Vimeo-90K, and networks that measure quality'),
  table(4, 'PSNR, SSIM, LPIPS of the first frames of REDS4', 'ablation of blur and attention', 'Ablations of Table 4 (no blur / σ_B² 2 / 3; without the wavelet-domain attention) as configurations'),
  table(5, 'parameters, steps, seconds', 'cost', 'preset paper with its exact parameter count, 118 M ± 10 % in the condenser'),
];
