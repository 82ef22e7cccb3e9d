import { expect } from 'chai';
import { fromPackets, toPackets } from '../../../src/model/blocks/packets.js';
import { CpuBackend, haar, slice, tensor } from '../../../src/tensor/index.js';
import { expectClose } from '../../support/close.js';
import { expectAdjoint, inner } from '../../support/gradcheck.js';
import { noise } from '../support/module.js';

const backend = new CpuBackend();

describe('packets', () => {
  for (const dwt of [true, false])
    it(`${dwt ? 'of wavelets' : 'of pixels'} keep energy, come back, and are linear with their adjoints`, async () => {
      const x = noise(backend, [2, 3, 8, 12], 1);
      const u = toPackets(x, dwt);
      expect(u.shape).to.deep.equal([2, 48, 2, 3]);
      const [xv, uv] = [await x.read(), await u.read()];
      expect(inner(uv, uv)).to.be.closeTo(inner(xv, xv), 1e-10);
      expectClose(await fromPackets(u, dwt).read(), xv);
      await expectAdjoint((t) => toPackets(t, dwt), x);
      await expectAdjoint((t) => fromPackets(t, dwt), u);
    });

  it('of wavelets split every band again', async () => {
    const x = noise(backend, [1, 3, 8, 8], 2);
    const lowHigh = slice(haar(x), 1, 3, 6); // LH of the first level
    const again = haar(lowHigh); // [1, 12, 2, 2]
    const u = toPackets(x, true);
    // Bands of the second level hold all 12 channels of the first: band b of channel c stands at 12 b + c.
    for (let band = 0; band < 4; band++)
      expectClose(
        await slice(u, 1, 12 * band + 3, 12 * band + 6).read(),
        await slice(again, 1, 3 * band, 3 * band + 3).read(),
      );
  });

  it('of pixels are the pixels of each 4 × 4 block, row by row', async () => {
    const x = tensor(
      backend,
      [1, 1, 4, 8],
      Array.from({ length: 32 }, (_, i) => i),
    );
    const u = await toPackets(x, false).read();
    const expected = Array.from({ length: 16 }, (_, i) => [
      8 * Math.floor(i / 4) + (i % 4),
      8 * Math.floor(i / 4) + (i % 4) + 4,
    ]).flat();
    expect([...u]).to.deep.equal(expected);
  });
});
