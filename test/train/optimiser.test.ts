import { expect } from 'chai';
import fc from 'fast-check';
import { CpuBackend, full, tensor, type Tensor } from '../../src/tensor/index.js';
import { adamState, adamStep, cosineSchedule, ema, emaDecay } from '../../src/train/index.js';
import { gradientNorm } from '../../src/train/gradientNorm.js';
import { random, seed, shape } from '../support/arbitraries.js';

const backend = new CpuBackend();
const vector = (...values: number[]): Tensor => tensor(backend, [values.length], values);
const read = async (x: Tensor): Promise<number[]> => [...(await x.read())];

describe('SeeClear (optimiser): Adam', () => {
  it('moves each parameter by lr against the sign of its gradient at the first step', async () => {
    const params = { a: vector(1, 2), b: [vector(3)] };
    const grads = [vector(0.3, -7), vector(1e-3)];
    const next = adamStep(params, grads, adamState(params), { lr: 0.1 });
    expect((await read(next.params.a)).map((v) => v.toFixed(6))).to.deep.equal(['0.900000', '2.100000']);
    expect((await read(next.params.b[0]))[0]).to.be.closeTo(2.9, 1e-5);
    expect(next.state.step).to.equal(1);
    expect(await read(params.a), 'nothing changes in place').to.deep.equal([1, 2]);
  });

  it('is the sum over all past gradients that its recurrences unroll to', async () => {
    const [beta1, beta2, eps, lr] = [0.5, 0.999, 1e-8, 0.01];
    const gradients = [0.5, -2, 3, 0.1, -0.7];
    let params = { p: vector(1) };
    let state = adamState(params);
    let expected = 1;
    for (const [i, g] of gradients.entries()) {
      ({ params, state } = adamStep(params, [vector(g)], state, { lr }));
      const past = gradients.slice(0, i + 1).reverse();
      const weighted = (beta: number, k: number): number => {
        const weights = past.map((_, j) => beta ** j);
        return past.reduce((s, v, j) => s + weights[j] * v ** k, 0) / weights.reduce((a, b) => a + b);
      };
      expected -= (lr * weighted(beta1, 1)) / (Math.sqrt(weighted(beta2, 2)) + eps);
      expect((await read(params.p))[0]).to.be.closeTo(expected, 1e-12);
    }
  });

  it('with a factor equals Adam on gradients multiplied by it', () =>
    fc.assert(
      fc.asyncProperty(fc.double({ min: 0.01, max: 1, noNaN: true }), async (factor) => {
        const params = { p: vector(1, -2, 0.5) };
        const grads = vector(0.2, 1.5, -3);
        const scaled = vector(0.2 * factor, 1.5 * factor, -3 * factor);
        const a = adamStep(params, [grads], adamState(params), {
          lr: 1,
          gradScale: full(backend, [], factor),
        });
        const b = adamStep(params, [scaled], adamState(params), { lr: 1 });
        for (const of of [
          (s: typeof a) => s.params.p,
          (s: typeof a) => s.state.m.p,
          (s: typeof a) => s.state.v.p,
        ]) {
          const want = await read(of(b));
          (await read(of(a))).forEach((v, i) => expect(v).to.be.closeTo(want[i], 1e-12));
        }
      }),
    ));
});

describe('a tree of parameters of many shapes', () => {
  /** Parameters, and as many gradients. */
  const drawn = fc.record({
    shapes: fc.array(fc.oneof(shape(3, 5, 7), shape(130), fc.constant<number[]>([])), {
      minLength: 1,
      maxLength: 20,
    }),
    s: seed,
  });

  it('is treated by Adam, average and norm as each of them alone', () =>
    fc.assert(
      fc.asyncProperty(drawn, async ({ shapes, s }) => {
        const of = (k: number): Tensor[] => shapes.map((one, i) => random(backend, one, s + 97 * k + i));
        const options = { lr: 0.1, gradScale: full(backend, [], 0.5) };
        let params = of(0);
        let state = adamState(params);
        let average = of(1);
        let alone = params.map((p, i) => ({ params: [p], state: adamState([p]), average: [average[i]] }));
        for (const grads of [of(2), of(3)]) {
          ({ params, state } = adamStep(params, grads, state, options));
          average = ema(average, params, 0.9);
          alone = alone.map((before, i) => {
            const after = adamStep(before.params, [grads[i]], before.state, options);
            return { ...after, average: ema(before.average, after.params, 0.9) };
          });
        }
        for (const [i, one] of alone.entries()) {
          expect(params[i].shape).to.deep.equal(shapes[i]);
          expect(await read(params[i])).to.deep.equal(await read(one.params[0]));
          expect(await read(state.v[i])).to.deep.equal(await read(one.state.v[0]));
          expect(await read(average[i])).to.deep.equal(await read(one.average[0]));
        }
        const elements = (await Promise.all(of(2).map(read))).flat();
        const norm = Math.hypot(...elements);
        expect(await gradientNorm(of(2)).item()).to.be.closeTo(norm, 1e-12 * norm);
      }),
    ));
});

describe('SeeClear (learning rate): cosine schedule', () => {
  const schedule = { from: 1e-3, to: 1e-5, steps: 100, warmup: 10 };

  it('rises to `from` and ends at `to`', () => {
    expect(cosineSchedule(9, schedule)).to.equal(1e-3);
    expect(cosineSchedule(10, schedule)).to.equal(1e-3);
    expect(cosineSchedule(99, schedule)).to.be.closeTo(1e-5, 1e-18);
    expect(cosineSchedule(1000, schedule)).to.be.closeTo(1e-5, 1e-18);
    expect(cosineSchedule(0, { ...schedule, steps: 1, warmup: 0 })).to.equal(1e-3);
  });

  it('never rises after the warm-up, and is symmetric about its middle', () => {
    for (let step = 10; step < 99; step++) {
      expect(cosineSchedule(step + 1, schedule)).to.be.below(cosineSchedule(step, schedule));
      const mirrored = cosineSchedule(109 - step, schedule);
      expect(cosineSchedule(step, schedule) + mirrored).to.be.closeTo(1e-3 + 1e-5, 1e-15);
    }
  });
});

describe('the average of the parameters', () => {
  it('of constant parameters approaches them as δ^n', async () => {
    const params = { p: vector(2) };
    let average = { p: vector(0) };
    for (let n = 1; n <= 20; n++) {
      average = ema(average, params, 0.9);
      expect((await read(average.p))[0]).to.be.closeTo(2 - 2 * 0.9 ** n, 1e-12);
    }
  });

  it('starts short and never exceeds its decay', () => {
    expect(emaDecay(0, 0.999)).to.equal(0.1);
    for (let step = 1; step < 2e4; step += 7) {
      expect(emaDecay(step, 0.999)).to.be.at.least(emaDecay(step - 1, 0.999));
      expect(emaDecay(step, 0.999)).to.be.at.most(0.999);
    }
    expect(emaDecay(1e5, 0.999)).to.equal(0.999);
  });
});
