/**
 * The user gave something that cannot be used: a file, a folder, a size. The message is one line and
 * says where, what was expected, what arrived and what to do. The command line exits with status 3.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
}
