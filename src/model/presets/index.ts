import type { PixelCondenserConfig } from '../pixelCondenserConfig.js';
import { base } from './base.js';
import { paper } from './paper.js';
import { small } from './small.js';
import { tiny } from './tiny.js';

/** Configurations by name. */
export const presets = { tiny, small, base, paper } as const satisfies Record<string, PixelCondenserConfig>;
