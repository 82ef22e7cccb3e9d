import { expect } from 'chai';
import fc from 'fast-check';
import {
  applyStep,
  type Diagonal,
  deterministicStep,
  marginal,
  posteriorSteps,
  residual,
} from '../../src/diffusion/index.js';
import { add, full, scale, sizeOf, type Tensor } from '../../src/tensor/index.js';
import { expectClose } from './close.js';
import { cpu, ends, frequencyAt, setting } from './setting.js';

const numRuns = 40;
const rules = { ...posteriorSteps, deterministic: deterministicStep };

describe('reverse steps', () => {
  for (const [name, rule] of Object.entries(rules)) {
    it(`carry the marginal of t to that of t − 1, mean and variance: ${name}`, () =>
      fc.assert(
        fc.asyncProperty(setting(1), async (setting) => {
          const { s, t, shape } = setting;
          const [u0, ul] = ends(setting);
          const step = rule(t, s);
          const mean = (ut: Tensor): Tensor => applyStep(step, ut, u0, ul).mean;
          const here = marginal(u0, ul, t, s);
          const before = marginal(u0, ul, t - 1, s);
          await expectClose(mean(here.mean), before.mean);
          const gain = residual(mean(here.mean), mean(add(here.mean, full(cpu, [], 1))));
          const g = await gain.read();
          const own = step.variance.values;
          const frequency = frequencyAt(s.p, shape);
          await expectClose(
            Array.from(g, (g, i) => g ** 2 * (here.variance as number) + own[frequency(i)]),
            new Float64Array(sizeOf(shape)).fill(before.variance as number),
            1e-11,
          );
        }),
        { numRuns },
      ));
  }

  it('without noise rescale the deviation from the marginal’s mean', () =>
    fc.assert(
      fc.asyncProperty(setting(2), async (setting) => {
        const { s, t } = setting;
        const [u0, ul, ut] = ends(setting);
        const { mean, variance } = applyStep(deterministicStep(t, s), ut, u0, ul);
        const deviation = (u: Tensor, t: number): Tensor =>
          scale(1 / Math.sqrt(s.eta[t]), residual(marginal(u0, ul, t, s).mean, u));
        await expectClose(deviation(mean, t - 1), deviation(ut, t), 1e-10);
        expect([...(variance as Diagonal).values]).to.deep.equal(new Array(s.p ** 2).fill(0));
      }),
      { numRuns },
    ));

  it('without noise end at u_0, and refuse a step outside 1 … T', () =>
    fc.assert(
      fc.asyncProperty(setting(1), async (setting) => {
        const { s } = setting;
        const [u0, ul, ut] = ends(setting);
        await expectClose(applyStep(deterministicStep(1, s), ut, u0, ul).mean, u0, 1e-15);
        for (const t of [0, s.T + 1, 1.5]) expect(() => deterministicStep(t, s)).to.throw(RangeError);
      }),
      { numRuns: 10 },
    ));
});
