/** Tests that need a device. One is opened for the whole run, of the kind that SEECLEAR_DEVICE names. */
import { deviceChoice, openDevice, type OpenedDevice } from '../../src/kernels/runtime/device.js';

let opening: Promise<OpenedDevice | undefined> | undefined;

const open = (): Promise<OpenedDevice | undefined> =>
  (opening ??= openDevice(deviceChoice(process.env.SEECLEAR_DEVICE ?? 'auto')));

/**
 * A mocha test body on the device. Skipped, visibly, where there is none; failed instead with REQUIRE_GPU=1.
 * Fails on validation and out-of-memory errors, caught by a scope or not, even where the body does not notice.
 */
export function onGpu(body: (opened: OpenedDevice) => Promise<void>): Mocha.AsyncFunc {
  return async function (this: Mocha.Context) {
    const opened = await open();
    if (!opened) {
      if (process.env.REQUIRE_GPU === '1') throw new Error('REQUIRE_GPU=1, but there is no WebGPU device');
      this.skip();
    }
    const { device } = opened;
    device.pushErrorScope('validation');
    device.pushErrorScope('out-of-memory');
    let failure: unknown;
    try {
      await body(opened);
    } catch (error) {
      failure = error;
    }
    const errors = [await device.popErrorScope(), await device.popErrorScope()].filter(
      (error) => error !== null,
    );
    if (errors.length > 0)
      throw new Error(errors.map(({ message }) => message).join('\n'), { cause: failure });
    if (failure instanceof Error) throw failure;
    if (failure !== undefined) throw new Error(`the test threw ${JSON.stringify(failure)}`);
    opened.check();
  };
}

/** The process ends by itself either way; this gives the device's memory back before it does. */
after(async () => (await opening?.catch(() => undefined))?.device.destroy());
