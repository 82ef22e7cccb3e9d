/** Image and video quality on 8-bit pictures. No border is cut off. */
export { clipQuality, type ClipQuality, type Quality } from './clipQuality.js';
export { type Channel, luma } from './luma.js';
export { psnr } from './psnr.js';
export { ssim, ssimWindow } from './ssim.js';
export { temporalDifference } from './temporalDifference.js';
