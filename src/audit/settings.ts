/** The hyper-parameters and choices of section 4.1. */
import type { Item, Reservation } from './item.js';
import { dataSets, openSeeD } from './plans.js';

const setting = (key: string, printed: string, meaning: string, reservation: Reservation = {}): Item => ({
  kind: 'setting',
  key,
  printed,
  meaning,
  symbols: [],
  ...reservation,
});

// prettier-ignore
export const settings: readonly Item[] = [
  setting('data sets', 'REDS and Vimeo-90K for training; REDS4 (clips 000, 011, 015, 020) and Vid4 for tests', 'data', dataSets),
  setting('degradation', 'bicubic downsampling (BI) by 4', 'how LR frames are made'),
  setting('semantic distiller', 'pre-trained OpenSeeD, frozen', 'source of semantics', openSeeD),
  setting('blur schedule', 'that of IHDM', 'σ_{B,t} and τ_t'),
  setting('noise schedule', 'that of ResShift', 'η_t'),
  setting('clip length', '5 frames', 'm'),
  setting('training stages', 'condenser with semantics; memory alone; both jointly', 'order of training'),
  setting('optimiser', 'Adam, β₁ = 0.5, β₂ = 0.999', 'optimiser'),
  setting('learning rate', 'decays by cosine annealing', 'learning rate'),
  setting('loss', 'L = √(‖I^HR − I^SR‖² + ε²)', 'Charbonnier loss'),
  setting('hardware', 'PyTorch 2.0, 4 NVIDIA 4090', 'what it was trained with', { notApplicable: 'this is another implementation, on other machines' }),
  setting('batch', '4 GPUs of 4 clips each', 'clips in a batch: 16', { notApplicable: 'a setting of each run: seeclear train --batch 16; its default is smaller' }),
  setting('PSNR', 'peak signal-to-noise ratio', 'fidelity'),
  setting('SSIM', 'structural similarity', 'fidelity'),
  setting('channels', 'Y, and RGB for REDS4', 'what PSNR and SSIM are measured on'),
  setting('LPIPS', 'VGG features', 'perceptual quality', { notApplicable: 'needs the weights of a VGG network and of LPIPS' }),
];
