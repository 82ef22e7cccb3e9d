import { openBackend, type Backend, type DeviceChoice } from '../tensor/index.js';
import type { Io } from './io.js';

/**
 * Opens the device that `--device` names, says which it is, and gives everything back afterwards, so that the
 * process can end by itself.
 *
 * @throws DeviceError if the device cannot be had
 */
export async function withBackend<T>(
  device: DeviceChoice,
  io: Io,
  body: (backend: Backend) => Promise<T>,
): Promise<T> {
  const backend = await openBackend(device);
  io.err(`device: ${backend.description}`);
  try {
    return await body(backend);
  } finally {
    backend.close();
  }
}
