import { expect } from 'chai';
import fc from 'fast-check';
import {
  blur,
  defaultDiffusion,
  lambda,
  makeSchedule,
  marginal,
  residual,
  stepVariance,
  toPixels,
  toSpectrum,
  trainingState,
} from '../../src/diffusion/index.js';
import { full, lincomb, matmul, tensor, type Tensor } from '../../src/tensor/index.js';
import { expectClose } from './close.js';
import { config, cpu, ends, frequencyAt, setting, white } from './setting.js';

const p = 4;
const n = p * p;
const s = makeSchedule(defaultDiffusion);
const identity = tensor(
  cpu,
  [n, 1, p, p],
  Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
);
const square = async (x: Tensor): Promise<Tensor> => tensor(cpu, [n, n], await x.read());
const diagonalMatrix = (v: ArrayLike<number>): Tensor =>
  tensor(
    cpu,
    [n, n],
    Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? v[i / (n + 1)] : 0)),
  );

/** R and R⁻¹ as matrices on a block, for R the inverse DCT: the rows of a batch of unit vectors, transformed. */
const transform = async (): Promise<{ R: Tensor; inverse: Tensor }> => {
  const rows = await square(toPixels(identity, p)); // row k is R e_k
  const one = diagonalMatrix(new Float64Array(n).fill(1));
  return {
    R: matmul(rows, one, { ta: true }),
    inverse: matmul(await square(toSpectrum(identity, p)), one, { ta: true }),
  };
};

describe('SeeClear (23): marginal in any basis', () => {
  it('has R diag(α_t) R⁻¹ I for its mean in pixels, with dense matrices', async () => {
    const { R, inverse } = await transform();
    await expectClose(matmul(R, inverse), diagonalMatrix(new Float64Array(n).fill(1)));
    const x = white([1, 1, p, p], 3);
    for (const t of [1, 8, 15]) {
      const alpha = blur(t, s).values.map((D) => (1 - s.eta[t]) * D);
      const dense = matmul(matmul(R, diagonalMatrix(alpha)), inverse);
      const column = tensor(cpu, [n, 1], await x.read());
      const none = full(cpu, [1, 1, p, p], 0);
      await expectClose(matmul(dense, column), await trainingState(x, none, [t], s, none).state.read());
    }
  });

  it('has a covariance that is symmetric, for R is orthogonal: R⁻¹ = Rᵀ', async () => {
    const { R, inverse } = await transform();
    await expectClose(inverse, matmul(R, diagonalMatrix(new Float64Array(n).fill(1)), { ta: true }));
    const beta = diagonalMatrix(stepVariance(8, s).values);
    const covariance = matmul(matmul(R, beta), inverse);
    await expectClose(covariance, matmul(matmul(inverse, beta, { ta: true }), R, { tb: true }));
    // white where β is one number for all frequencies, as in (3): noise may be drawn in pixels
    const white = diagonalMatrix(new Float64Array(n).fill(s.eta[8]));
    await expectClose(matmul(matmul(R, white), inverse), white);
  });
});

describe('SeeClear (24): ResShift as a limit', () => {
  /** x_0 + η_t (x_l − x_0), in any basis */
  const resshift = (x0: Tensor, xl: Tensor, eta: number): Tensor => lincomb([1 - eta, x0], [eta, xl]);

  it('is the marginal without blur, in pixels as in spectra, whatever p', () =>
    fc.assert(
      fc.asyncProperty(
        setting(
          1,
          config.map((c) => ({ ...c, sigmaB2Max: 0 })),
        ),
        async ({ s, t, shape, seed }) => {
          const [x0, xl] = [white(shape, seed, 0), white(shape, seed, 1)];
          const { mean, variance } = marginal(toSpectrum(x0, s.p), toSpectrum(xl, s.p), t, s);
          await expectClose(toPixels(mean, s.p), resshift(x0, xl, s.eta[t]));
          expect(variance).to.equal(s.kappa ** 2 * s.eta[t]);
        },
      ),
      { numRuns: 30 },
    ));

  it('is approached as the blur goes to 0: the mean is off by at most |Λ| τ_t |u_0|', () =>
    fc.assert(
      fc.asyncProperty(
        setting(
          1,
          config.map((c) => ({ ...c, blurLaw: 'sin2' as const, sigmaB2Max: 1e-6 })),
        ),
        async (setting) => {
          const { s, t } = setting;
          const [u0, ul] = ends(setting);
          const off = await residual(marginal(u0, ul, t, s).mean, resshift(u0, ul, s.eta[t])).read();
          const bound = 2 * Math.PI ** 2 * s.tau[t];
          (await u0.read()).forEach((v, i) => {
            expect(Math.abs(off[i])).to.be.at.most(bound * Math.abs(v) + 1e-15);
          });
        },
      ),
      { numRuns: 30 },
    ));
});

describe('SeeClear (27): estimate of u_0 from the state before', () => {
  it('finds u_0 where there is no noise and the blur can be undone; with it (28) is λ_t', () =>
    fc.assert(
      fc.asyncProperty(setting(1), async (setting) => {
        const { s, t } = setting;
        const [u0, ul] = ends(setting);
        const before = marginal(u0, ul, t - 1, s).mean;
        const D = blur(t - 1, s).values;
        const weakest = Math.min(...D);
        const frequency = frequencyAt(s.p, setting.shape);
        const [b, l, x] = await Promise.all([before, ul, u0].map((v) => v.read()));
        const estimated = Array.from(
          b,
          (v, i) => (v - s.eta[t - 1] * l[i]) / ((1 - s.eta[t - 1]) * D[frequency(i)]),
        );
        await expectClose(estimated, x, (1e-14 / weakest) * 50);
        const again = lambda(t, s).values;
        const here = blur(t, s).values;
        await expectClose(
          Array.from(b, (v, i) => again[frequency(i)] * (v - s.eta[t - 1] * l[i])),
          estimated.map((v, i) => (1 - s.eta[t]) * here[frequency(i)] * v),
          1e-11,
        );
      }),
      { numRuns: 30 },
    ));
});
