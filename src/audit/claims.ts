/** What the paper claims, held against its own tables, and how far we are with it. */
import { table1, table2, table3, table4, table5 } from './paperTables.js';

export type Standing = 'reproduced' | 'at smaller scale' | 'not attempted';

export interface Claim {
  /** Where the paper says it. */
  readonly where: string;
  readonly claim: string;
  /** The same from the numbers of the tables. */
  readonly recomputed: string;
  /** Whether the tables bear it out. */
  readonly verdict: 'holds' | 'holds in part' | 'does not hold' | 'no numbers';
  readonly standing: Standing;
  /** Why, or where. */
  readonly note: string;
}

const percent = (from: number, to: number): string => `${((100 * (from - to)) / from).toFixed(1)} %`;
const gain = (from: number, to: number): string =>
  `${to < from ? '−' : '+'}${Math.abs(to - from).toFixed(2)} dB`;
const same = (a: readonly number[], b: readonly number[]): boolean => a.every((v, i) => v === b[i]);

const noTraining = 'needs training on REDS and Vimeo-90K, and LPIPS';
const noAblation = 'needs training on REDS, and LPIPS; docs/ablations.md has the rows at a small scale';
const noMeasures = 'needs training, and the networks that measure';
const { SeeClear: ours, 'SeeClear⋆': star, SATeCo: sateco, VRT: vrt, IconVSR: icon } = table1;

/** Lower is better for the first two measures of Table 3, higher for the last. */
const better = (a: readonly number[], b: readonly number[], measure: number): boolean =>
  measure === 2 ? a[2] > b[2] : a[measure] < b[measure];
const wins = [0, 1, 2]
  .flatMap((m) =>
    (['reds4', 'vid4'] as const).map((set) => {
      const others = Object.entries(table3).filter(([name]) => !name.startsWith('SeeClear'));
      return others.every(([, row]) => better(table3['SeeClear⋆'][set], row[set], m));
    }),
  )
  .filter(Boolean).length;

export const claims: readonly Claim[] = [
  {
    where: 'section 4.2, Table 1',
    claim: 'LPIPS 0.1548, 10.8 % better than SATeCo',
    recomputed: `${percent(sateco.reds4[2], star.reds4[2])} on REDS4, ${percent(sateco.vid4[2], star.vid4[2])} on Vid4. The number is SeeClear⋆’s, and REDS4’s, where the sentence says SeeClear after one on Vid4; SeeClear itself, ${ours.reds4[2]}, is worse than SATeCo by ${percent(-sateco.reds4[2], -ours.reds4[2]).replace('-', '')}`,
    verdict: 'holds in part',
    standing: 'not attempted',
    note: noTraining,
  },
  {
    where: 'section 4.2, Table 1',
    claim: 'better perceptual quality than regression, slightly worse in PSNR and SSIM',
    recomputed: `LPIPS ${percent(icon.reds4[2], ours.reds4[2])} better than the best (IconVSR) on REDS4, ${percent(vrt.vid4[2], ours.vid4[2])} (VRT) on Vid4; PSNR ${gain(icon.reds4[0], ours.reds4[0])} and ${gain(vrt.vid4[0], ours.vid4[0])}, which is not slight`,
    verdict: 'holds in part',
    standing: 'not attempted',
    note: noTraining,
  },
  {
    where: 'section 4.2, Table 1',
    claim: 'SeeClear⋆: an observable increase in fidelity, and better perceptual measures',
    recomputed: `PSNR ${gain(ours.reds4[0], star.reds4[0])} over SeeClear on REDS4; against VRT, which Algorithm 1 starts from, ${gain(vrt.reds4[0], star.reds4[0])}, and ${gain(vrt.vid4[0], star.vid4[0])} on Vid4. LPIPS ${percent(vrt.reds4[2], star.reds4[2])} better than VRT`,
    verdict: 'holds',
    standing: 'not attempted',
    note: 'needs VRT in the regressor slot, and training',
  },
  {
    where: 'abstract, section 1',
    claim: 'consistently better than the state of the art',
    recomputed: `SeeClear⋆ has the best LPIPS on both sets; PSNR on REDS4 is ${gain(sateco.reds4[0], star.reds4[0])} from SATeCo’s. Of the six columns of Table 3 it leads the others’ in ${wins}`,
    verdict: 'does not hold',
    standing: 'not attempted',
    note: noTraining,
  },
  {
    where: 'section 4.2',
    claim: 'higher PSNR and comparable LPIPS than SATeCo without modulation by LR videos',
    recomputed: 'the paper prints no numbers of that variant',
    verdict: 'no numbers',
    standing: 'not attempted',
    note: 'no numbers to compare with',
  },
  {
    where: 'section 4.2, Table 1',
    claim: `bicubic: ${table1.Bicubic.reds4.join(' / ')} on REDS4, ${table1.Bicubic.vid4.join(' / ')} on Vid4`,
    recomputed: 'the baseline; nothing to recompute',
    verdict: 'holds',
    standing: 'at smaller scale',
    note: 'BI degradation and bicubic are MATLAB’s, PSNR and SSIM the usual ones, all tested; `seeclear eval FOLDER` measures a set that one has',
  },
  {
    where: 'section 4.3, Table 2',
    claim: 'semantics improve LPIPS by about 1.5 % (rows 1, 2)',
    recomputed: percent(table2[0][2], table2[1][2]),
    verdict: 'holds',
    standing: 'not attempted',
    note: noAblation,
  },
  {
    where: 'section 4.3, Table 2',
    claim: 'multi-frame self-attention improves perception and impairs fidelity (rows 2, 3)',
    recomputed: `LPIPS ${percent(table2[1][2], table2[2][2])} better, PSNR ${gain(table2[1][0], table2[2][0])}`,
    verdict: 'holds',
    standing: 'not attempted',
    note: noAblation,
  },
  {
    where: 'section 4.3, Table 2',
    claim: 'InCAM: 27.99 to 28.46 dB, about 6.6 % in LPIPS (rows 3, 4)',
    recomputed: `${gain(table2[2][0], table2[3][0])}, ${percent(table2[2][2], table2[3][2])}`,
    verdict: 'holds',
    standing: 'not attempted',
    note: noAblation,
  },
  {
    where: 'section 4.3, Table 2',
    claim: 'CaTeGory improves all measures notably (rows 4, 7)',
    recomputed: `${gain(table2[3][0], table2[6][0])}, LPIPS ${percent(table2[3][2], table2[6][2])}. Row 5, with fewer modules, has the worst LPIPS of all, ${table2[4][2]}, above the baseline’s ${table2[0][2].toFixed(4)}, which the text does not mention`,
    verdict: 'holds',
    standing: 'not attempted',
    note: noAblation,
  },
  {
    where: 'appendix D, Table 4',
    claim: 'PSNR improves by 0.96 dB and LPIPS from 0.2096 to 0.2067 as σ_B² increases (rows 1–3)',
    recomputed: `${gain(table4[0].quality[0], table4[2].quality[0])} and ${percent(table4[0].quality[2], table4[2].quality[2])} from σ_B² = 0 to 3. Neither grows with σ_B²: from 0 to 2, PSNR is ${gain(table4[0].quality[0], table4[1].quality[0])}; LPIPS is best at 2`,
    verdict: 'holds in part',
    standing: 'not attempted',
    note: 'the blur is an option of the code; needs training',
  },
  {
    where: 'appendix D, Table 4',
    claim: 'attention on wavelets does better than on pixels (rows 4, 5)',
    recomputed: `${gain(table4[3].quality[0], table4[4].quality[0])}, LPIPS ${percent(table4[3].quality[2], table4[4].quality[2])}; but σ_B² differs too, ${table4[3].sigmaB2} and ${table4[4].sigmaB2}. Row 4, said to be of first frames, ${same(table4[3].quality, table1.ResShift.reds4) ? 'equals' : 'differs from'} ResShift’s row of Table 1, said to be of all frames, in all digits`,
    verdict: 'holds in part',
    standing: 'not attempted',
    note: 'needs training',
  },
  {
    where: 'appendix D, Table 3',
    claim: 'ahead of the others in DISTS, NIQE and CLIP-IQA too',
    recomputed: `CLIP-IQA on Vid4: SeeClear ${table3.SeeClear.vid4[2]}, below ResShift’s ${table3.ResShift.vid4[2]} and StableSR’s ${table3.StableSR.vid4[2]}; best on REDS4, ${table3.SeeClear.reds4[2].toFixed(4)}`,
    verdict: 'holds in part',
    standing: 'not attempted',
    note: noMeasures,
  },
  {
    where: 'appendix E, Table 5',
    claim: 'fewer parameters and faster than CoSeR and SeeSR',
    recomputed: `${(table5.CoSeR.parameters / table5.SeeClear.parameters).toFixed(1)} and ${(table5.SeeSR.parameters / table5.SeeClear.parameters).toFixed(1)} times fewer; ${(table5.SeeSR.seconds / table5.SeeClear.seconds).toFixed(1)} times faster than SeeSR; CoSeR’s time is not given`,
    verdict: 'holds in part',
    standing: 'not attempted',
    note: 'needs the same device',
  },
  {
    where: 'appendix E, Table 5',
    claim: 'much smaller and faster than StableVSR and MGLD-VSR',
    recomputed: `${(table5.StableVSR.parameters / table5.SeeClear.parameters).toFixed(1)} and ${(table5['MGLD-VSR'].parameters / table5.SeeClear.parameters).toFixed(1)} times smaller; ${(table5.StableVSR.seconds / table5.SeeClear.seconds).toFixed(1)} times faster than StableVSR, but slower than MGLD-VSR, ${table5.SeeClear.seconds} s against ${table5['MGLD-VSR'].seconds} s`,
    verdict: 'does not hold',
    standing: 'not attempted',
    note: 'needs the same device',
  },
];
