import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { settle } from '../../../src/kernels/runtime/wait.js';

/** Turns of the event loop until `promise` is settled. */
async function turnsUntil(promise: Promise<unknown>): Promise<number> {
  const state = { pending: true };
  void promise.finally(() => (state.pending = false));
  let turns = 0;
  for (; state.pending; turns++) await new Promise((resolve) => setImmediate(resolve));
  return turns;
}

describe('settle', () => {
  for (const software of [false, true]) {
    it(`hands on values and errors, on ${software ? 'software' : 'hardware'}`, async () => {
      expect(await settle(Promise.resolve(7), software)).to.equal(7);
      expect(await settle(delay(5, 'late'), software)).to.equal('late');
      const failing = settle(Promise.reject(new Error('lost')), software);
      expect(await failing.catch((error: unknown) => String(error))).to.equal('Error: lost');
    });
  }

  it('sleeps between turns of the event loop, so that it does not burn a core', async () => {
    const turns = await turnsUntil(settle(delay(200), true));
    // At 0.05 ms and then 5 % of the time waited, 200 ms are some 250 sleeps; polling makes tens of thousands of turns.
    expect(turns).to.be.within(3, 1000);
  });

  it('lets signal handlers run', async () => {
    const signalled = new Promise<string>((resolve) => process.once('SIGINT', resolve));
    setTimeout(() => process.kill(process.pid, 'SIGINT'), 20);
    expect(await settle(Promise.race([signalled, delay(5000, 'too late', { ref: false })]), true)).to.equal(
      'SIGINT',
    );
  });
});
