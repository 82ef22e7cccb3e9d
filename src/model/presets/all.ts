import type { Components } from '../pixelCondenserConfig.js';

/** The whole of SeeClear: row 7 of the paper's Table 2. */
export const all: Components = {
  dwt: true,
  attention: true,
  semantic: true,
  mfsa: true,
  incam: true,
  category: true,
};
