export { countParams } from './countParams.js';
export { PixelCondenser, type PixelCondenserInput } from './pixelCondenser.js';
export { type PixelCondenserConfig } from './pixelCondenserConfig.js';
export { initPixelCondenser, type PixelCondenserParams } from './pixelCondenserParams.js';
export { presets } from './presets/index.js';
