/**
 * A device was asked for and cannot be had, or failed while it worked. The message is one line and says
 * what is missing and what to install or try. The command line exits with status 4.
 */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
}
