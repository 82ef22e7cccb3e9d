import { expect } from 'chai';
import fc from 'fast-check';
import {
  blurSchedule,
  checkStep,
  defaultDiffusion,
  fourStepDiffusion,
  inputScale,
  makeSchedule,
  shiftSchedule,
} from '../../src/diffusion/index.js';
import { expectClose } from './close.js';
import { golden } from './golden.js';
import { config } from './setting.js';

describe('SeeClear (noise schedule): η', () => {
  it('has the values computed independently, for 15 steps and for 4', async () => {
    await expectClose(makeSchedule(defaultDiffusion).eta, [0, ...golden.shift.T15.eta], 1e-14);
    await expectClose(makeSchedule(fourStepDiffusion).eta, [0, ...golden.shift.T4.eta], 1e-14);
  });

  it('grows from 0 to 0.99², and adds the noise m in its first step if κ ≥ 1', () =>
    fc.assert(
      fc.property(config, ({ T, kappa, minNoise }) => {
        const eta = shiftSchedule(T, kappa, minNoise);
        expect(eta).to.have.length(T + 1);
        expect(eta[0]).to.equal(0);
        expect(eta[T]).to.be.closeTo(0.9801, 1e-12);
        for (let t = 1; t <= T; t++) expect(eta[t]).to.be.greaterThan(eta[t - 1]);
        if (kappa >= 1) expect(kappa * Math.sqrt(eta[1])).to.be.closeTo(minNoise, 1e-12);
      }),
    ));

  it('refuses what makes no schedule', () => {
    for (const T of [1, 0, -3, 2.5, NaN])
      expect(() => shiftSchedule(T, 2, 0.04)).to.throw(RangeError, /^T must/);
    for (const kappa of [0, -1, NaN, Infinity])
      expect(() => shiftSchedule(15, kappa, 0.04)).to.throw(RangeError, /^kappa must/);
    for (const m of [0, -1, NaN, 2]) expect(() => shiftSchedule(15, 2, m)).to.throw(RangeError, /^min\(m/);
  });
});

describe('SeeClear (blur schedule): τ', () => {
  it('has the values computed independently, for both laws', async () => {
    for (const { law, sigmaB2Max, tau } of golden.blur)
      await expectClose(blurSchedule(15, law, sigmaB2Max), [0, ...tau], 1e-14);
  });

  it('grows from 0 to half the largest variance', () =>
    fc.assert(
      fc.property(config, ({ T, blurLaw, sigmaB2Max }) => {
        const tau = blurSchedule(T, blurLaw, sigmaB2Max);
        expect(tau).to.have.length(T + 1);
        expect(tau[0]).to.equal(0);
        expect(tau[T]).to.be.closeTo(sigmaB2Max / 2, 1e-12);
        for (let t = 1; t <= T; t++) expect(tau[t]).to.be.at.least(tau[t - 1]);
        if (sigmaB2Max > 0) expect(tau[1]).to.be.greaterThan(0);
      }),
    ));

  it('refuses what makes no schedule, a shrinking blur among it', () => {
    expect(() => blurSchedule(1, 'log', 2)).to.throw(RangeError, /^T must/);
    expect(() => blurSchedule(15, 'linear' as 'log', 2)).to.throw(RangeError, /^blur law must/);
    for (const s2 of [-1, NaN, Infinity])
      for (const law of ['log', 'sin2'] as const)
        expect(() => blurSchedule(15, law, s2)).to.throw(RangeError, /^sigmaB2Max must/);
    expect(() => blurSchedule(15, 'log', 0.2)).to.throw(RangeError, 'at least 0.25 (law log), got 0.2');
    expect(blurSchedule(15, 'sin2', 0.2)[15]).to.be.closeTo(0.1, 1e-15);
  });
});

describe('diffusion schedule', () => {
  it('refuses a block size that is none', () => {
    for (const p of [0, -4, 2.5, NaN])
      expect(() => makeSchedule({ ...defaultDiffusion, p })).to.throw(RangeError, /^block size p/);
  });

  it('knows its steps', () => {
    const s = makeSchedule(defaultDiffusion);
    expect(() => checkStep(0, s, 0)).not.to.throw();
    expect(() => checkStep(15, s, 1)).not.to.throw();
    expect(() => checkStep(0, s, 1)).to.throw(RangeError, 'step t = 0 is outside 1 … 15');
    for (const t of [-1, 16, 0.5, NaN])
      expect(() => checkStep(t, s, 0)).to.throw(RangeError, 'is outside 0 … 15');
  });

  it('scales the denoiser’s input as computed independently', async () => {
    const s = makeSchedule(defaultDiffusion);
    const deviation = golden.shift.T15.scale;
    await expectClose(
      deviation.map((d, i) => d * inputScale(i + 1, s)),
      deviation.map(() => 1),
    );
  });
});
