/** The numbers of the paper's tables, as printed. */

/** PSNR in dB, SSIM, LPIPS. */
export type Quality = readonly [psnr: number, ssim: number, lpips: number];

/** DISTS, NIQE, CLIP-IQA. */
export type Perception = readonly [dists: number, niqe: number, clipIqa: number];

// prettier-ignore
export const table1 = {
  'Bicubic':   { reds4: [26.14, 0.7292, 0.3519], vid4: [23.78, 0.6347, 0.3947] },
  'TOFlow':    { reds4: [29.98, 0.7990, 0.3104], vid4: [25.89, 0.7651, 0.3386] },
  'EDVR-M':    { reds4: [30.53, 0.8699, 0.2312], vid4: [27.10, 0.8186, 0.2898] },
  'BasicVSR':  { reds4: [31.42, 0.8909, 0.2023], vid4: [27.24, 0.8251, 0.2811] },
  'VRT':       { reds4: [31.60, 0.8888, 0.2077], vid4: [27.93, 0.8425, 0.2723] },
  'IconVSR':   { reds4: [31.67, 0.8948, 0.1939], vid4: [27.39, 0.8279, 0.2739] },
  'StableSR':  { reds4: [24.79, 0.6897, 0.2412], vid4: [22.18, 0.5904, 0.3670] },
  'ResShift':  { reds4: [27.76, 0.8013, 0.2346], vid4: [24.75, 0.7040, 0.3166] },
  'SATeCo':    { reds4: [31.62, 0.8932, 0.1735], vid4: [27.44, 0.8420, 0.2291] },
  'SeeClear':  { reds4: [28.92, 0.8279, 0.1843], vid4: [25.63, 0.7605, 0.2573] },
  'SeeClear⋆': { reds4: [31.32, 0.8856, 0.1548], vid4: [27.80, 0.8404, 0.2054] },
} as const satisfies Record<string, { readonly reds4: Quality; readonly vid4: Quality }>;

/** Rows 1 – 7, on REDS4. What they have is in src/train/ablations.ts. */
export const table2: readonly Quality[] = [
  [28.05, 0.7993, 0.212],
  [28.08, 0.7998, 0.2088],
  [27.99, 0.7961, 0.2053],
  [28.46, 0.8098, 0.1917],
  [28.21, 0.7986, 0.2149],
  [28.74, 0.8267, 0.1938],
  [28.92, 0.8279, 0.1843],
];

// prettier-ignore
export const table3 = {
  'Bicubic':   { reds4: [0.1876, 7.257, 0.6045], vid4: [0.2201, 7.536, 0.6817] },
  'TOFlow':    { reds4: [0.1468, 6.260, 0.6176], vid4: [0.1776, 7.229, 0.7356] },
  'EDVR-M':    { reds4: [0.0943, 4.544, 0.6382], vid4: [0.1468, 5.528, 0.7380] },
  'BasicVSR':  { reds4: [0.0808, 4.197, 0.6353], vid4: [0.1442, 5.340, 0.7410] },
  'VRT':       { reds4: [0.0823, 4.252, 0.6379], vid4: [0.1372, 5.242, 0.7434] },
  'IconVSR':   { reds4: [0.0762, 4.117, 0.6162], vid4: [0.1406, 5.392, 0.7411] },
  'StableSR':  { reds4: [0.0755, 4.116, 0.6579], vid4: [0.1385, 5.237, 0.7644] },
  'ResShift':  { reds4: [0.1432, 6.391, 0.6711], vid4: [0.1716, 6.868, 0.7157] },
  'SATeCo':    { reds4: [0.0607, 4.104, 0.6622], vid4: [0.1015, 5.212, 0.7451] },
  'SeeClear':  { reds4: [0.0762, 4.381, 0.6870], vid4: [0.0947, 5.305, 0.7106] },
  'SeeClear⋆': { reds4: [0.0641, 3.757, 0.6848], vid4: [0.0919, 4.896, 0.7303] },
} as const satisfies Record<string, { readonly reds4: Perception; readonly vid4: Perception }>;

/** Rows 1 – 5, on the first frames of REDS4. */
export const table4 = [
  { sigmaB2: 0, model: 'WaveDiff', quality: [26.78, 0.796, 0.2096] },
  { sigmaB2: 2, model: 'WaveDiff', quality: [26.45, 0.7927, 0.2008] },
  { sigmaB2: 3, model: 'WaveDiff', quality: [27.74, 0.8047, 0.2067] },
  { sigmaB2: 0, model: 'SwinUNet', quality: [27.76, 0.8013, 0.2346] },
  { sigmaB2: 2, model: 'SeeClear', quality: [28.04, 0.8134, 0.1971] },
] as const satisfies readonly { sigmaB2: number; model: string; quality: Quality }[];

/** Millions of parameters, steps, seconds; `undefined` where the paper has a dash. */
// prettier-ignore
export const table5 = {
  'LDM':       { parameters: 169.0,   steps: 200, seconds: 5.21 },
  'DiffBIR':   { parameters: 1716.7,  steps: 50,  seconds: 5.85 },
  'ResShift':  { parameters: 173.9,   steps: 15,  seconds: 1.12 },
  'StableSR':  { parameters: 1409.1,  steps: 200, seconds: 18.70 },
  'CoSeR':     { parameters: 2655.52, steps: 200, seconds: undefined },
  'SeeSR':     { parameters: 2283.7,  steps: 50,  seconds: 7.24 },
  'PASD':      { parameters: 1900.4,  steps: 20,  seconds: 6.07 },
  'StableVSR': { parameters: 712,     steps: 50,  seconds: 28.57 },
  'MGLD-VSR':  { parameters: 1500,    steps: 50,  seconds: 1.113 },
  'SeeClear':  { parameters: 229.23,  steps: 15,  seconds: 1.142 },
} as const;
