import { expect } from 'chai';
import { table5 } from '../../src/audit/index.js';
import { countParams, initPixelCondenser, PixelCondenser, presets } from '../../src/model/index.js';
import { full } from '../../src/tensor/index.js';
import { CountingBackend } from './support/countingBackend.js';

/** What the presets' docstrings state; multiply-adds per LR pixel and step for clips of LR frames of 64 × 64. */
const stated = {
  tiny: { params: 98_426, multiplyAdds: 26_755 },
  small: { params: 2_073_914, multiplyAdds: 328_096 },
  base: { params: 9_714_420, multiplyAdds: 646_872 },
  paper: { params: 122_976_442, multiplyAdds: 11_164_914 },
} satisfies Record<keyof typeof presets, unknown>;

const SIDE = 64;

describe('presets', () => {
  for (const [name, { params, multiplyAdds }] of Object.entries(stated)) {
    const config = presets[name as keyof typeof presets];

    it(`${name} costs what it says, and makes no larger tensors`, () => {
      const backend = new CountingBackend();
      const initial = initPixelCondenser(config, backend, 1);
      expect(countParams(initial)).to.equal(params);
      const net = new PixelCondenser(config, initial);
      const { frames, semantics } = config;
      const zeros = (...shape: number[]) => full(backend, [frames, ...shape], 0);
      const [hr, lr] = [zeros(3, 4 * SIDE, 4 * SIDE), zeros(3, SIDE, SIDE)];
      const told = {
        tokens: zeros(8, semantics.tokenChannels),
        features: zeros(semantics.featureChannels, 32, 32),
      };
      backend.largest = 0;
      const context = net.context(told, { frames, height: SIDE, width: SIDE }, net.memory());
      backend.multiplyAdds = 0; // the context is made once for all steps
      net.forward({ state: hr, lr, upscaled: hr, t: new Array<number>(frames).fill(1), frames, context });
      expect(Math.floor(backend.multiplyAdds / (frames * SIDE ** 2))).to.equal(multiplyAdds);
      expect(backend.largest).to.equal(frames * PixelCondenser.largestTensor(config, SIDE, SIDE));
    });
  }
});

describe('SeeClear (Table 5): parameters of the preset paper', () => {
  it('are 118 million in the condenser, within 10 %', () =>
    expect(stated.paper.params).to.be.within(0.9 * 118e6, 1.1 * 118e6));

  it('are those of the table with the 116 million of OpenSeeD, within 5 %', () => {
    const printed = 1e6 * table5.SeeClear.parameters;
    expect(stated.paper.params + 116e6).to.be.within(0.95 * printed, 1.05 * printed);
  });
});
