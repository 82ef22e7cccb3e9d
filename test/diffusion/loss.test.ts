import { expect } from 'chai';
import { charbonnier } from '../../src/diffusion/index.js';
import { add, full, grad, scale, sizeOf, variable } from '../../src/tensor/index.js';
import { expectClose } from './close.js';
import { cpu, white } from './setting.js';

const shape = [2, 3, 4, 4];

describe('SeeClear (loss): Charbonnier', () => {
  it('is ε = 10⁻³ where nothing is wrong', async () => {
    const x = white(shape, 1);
    expect(await charbonnier(x, x).item()).to.be.closeTo(1e-3, 1e-15);
  });

  it('is the mean absolute error where much is wrong, whatever the number of elements', async () => {
    for (const shape of [
      [1, 1, 1, 1],
      [3, 3, 8, 8],
    ]) {
      const x = white(shape, 1);
      const loss = await charbonnier(x, add(x, full(cpu, [], -20))).item();
      expect(loss).to.be.closeTo(Math.hypot(20, 1e-3), 1e-12);
    }
  });

  it('pulls every element by its sign, and by nothing where it is right', async () => {
    const n = sizeOf(shape);
    const x = white(shape, 1);
    for (const off of [-20, 0, 20]) {
      const xhat = variable(add(x, full(cpu, shape, off)));
      const [g] = grad(charbonnier(x, xhat), [xhat]);
      await expectClose(scale(n, g), new Float64Array(n).fill(Math.sign(off)), 1e-8);
    }
  });
});
