import type { PixelCondenserConfig } from '../pixelCondenserConfig.js';
import { small } from './small.js';
import { tiny } from './tiny.js';

/** Configurations by name. */
export const presets = { tiny, small } as const satisfies Record<string, PixelCondenserConfig>;
