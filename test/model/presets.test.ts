import { expect } from 'chai';
import { countParams, initPixelCondenser, PixelCondenser, presets } from '../../src/model/index.js';
import { full } from '../../src/tensor/index.js';
import { CountingBackend } from './support/countingBackend.js';

/** What the presets' docstrings state, for LR frames of 32 × 32. */
const stated = {
  tiny: { params: 97_994, multiplyAdds: 25_232 },
  small: { params: 1_541_338, multiplyAdds: 290_094 },
} satisfies Record<keyof typeof presets, unknown>;

describe('presets', () => {
  for (const [name, { params, multiplyAdds }] of Object.entries(stated)) {
    const config = presets[name as keyof typeof presets];

    it(`${name} costs what it says`, () => {
      const backend = new CountingBackend();
      const initial = initPixelCondenser(config, backend, 1);
      const net = new PixelCondenser(config, initial);
      const hr = full(backend, [1, 3, 128, 128], 0);
      net.forward({ state: hr, lr: full(backend, [1, 3, 32, 32], 0), upscaled: hr, t: [1] });
      expect(countParams(initial)).to.equal(params);
      expect(Math.round(backend.multiplyAdds / 32 ** 2)).to.equal(multiplyAdds);
    });

    it(`${name} makes no larger tensors than it says, for one frame`, () => {
      const backend = new CountingBackend();
      const net = new PixelCondenser(config, initPixelCondenser(config, backend, 1));
      const hr = full(backend, [1, 3, 256, 128], 0);
      backend.largest = 0;
      net.forward({ state: hr, lr: full(backend, [1, 3, 64, 32], 0), upscaled: hr, t: [1] });
      expect(backend.largest).to.equal(PixelCondenser.largestTensor(config, 64, 32));
    });
  }
});
