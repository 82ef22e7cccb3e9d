/**
 * Waiting for a device.
 *
 * While one of its promises is pending, Dawn's Node bindings poll once per turn of the event loop, and the
 * loop turns flat out. That costs a GPU nothing. A driver that computes on the CPU loses a core to it, so
 * there the thread sleeps for a moment between turns.
 */

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Milliseconds to sleep after having waited for `elapsed`: 5 % of it, so that little is lost at the end. */
const slice = (elapsed: number): number => Math.min(1, Math.max(0.05, elapsed / 20));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * `promise`, waited for in the way that is best for the device: a plain await on hardware, and on software
 * drivers short sleeps between turns of the event loop. Timers and signal handlers run meanwhile.
 */
export async function settle<T>(promise: Promise<T>, software: boolean): Promise<T> {
  if (!software) return promise;
  const state = { pending: true };
  const settled = (): void => {
    state.pending = false;
  };
  promise.then(settled, settled);
  const start = performance.now();
  await turn();
  while (state.pending) {
    Atomics.wait(cell, 0, 0, slice(performance.now() - start));
    await turn();
  }
  return promise;
}
