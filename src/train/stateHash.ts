import { createHash } from 'node:crypto';
import { leaves } from '../tensor/index.js';
import type { TrainState } from './trainState.js';

/**
 * SHA-256 of all that training changes, in hex: step, loss scale, and name, shape and bits of each parameter, moment and
 * average.
 * Two runs are at the same point if and only if their hashes are equal.
 */
export async function stateHash({ step, params, average, adam, lossScale }: TrainState): Promise<string> {
  const hash = createHash('sha256').update(`${step} ${adam?.stage ?? ''} ${adam?.step ?? 0}\n`);
  if (lossScale) hash.update(`${lossScale.scale} ${lossScale.steady}\n`);
  for (const [path, leaf] of leaves({ params, average, ...(adam && { m: adam.m, v: adam.v }) })) {
    const { buffer, byteOffset, byteLength } = await leaf.read();
    hash.update(`${path} ${leaf.shape.join('x')}\n`).update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}
