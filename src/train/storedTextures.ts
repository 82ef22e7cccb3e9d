/** The textures of CaTeGory as text and back, bit for bit: what a run that goes on needs of the one before it. */
import { sameShape, type Shape, type Tensor } from '../tensor/index.js';
import { CheckpointError } from './checkpointError.js';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from './safetensors.js';
import { sha256 } from './sha256.js';
import { storeTree } from './storedTree.js';

/** SHA-256 in hex, a colon, and a safetensors file in base64. */
export async function textOfTextures(textures: Tensor): Promise<string> {
  const bytes = encodeSafetensors({ tensors: await storeTree({ textures }, ''), metadata: {} });
  return `${sha256(bytes)}:${Buffer.from(bytes).toString('base64')}`;
}

/** @returns undefined for a text that was changed, or textures of another shape */
export function texturesOfText(text: string, shape: Shape): StoredTensor | undefined {
  const [hash, base64 = ''] = text.split(':') as [string, string?];
  const bytes = Buffer.from(base64, 'base64');
  if (sha256(bytes) !== hash) return undefined;
  try {
    const stored = decodeSafetensors(bytes, 'textures').tensors.get('textures');
    return stored && sameShape(stored.shape, shape) ? stored : undefined;
  } catch (error) {
    if (error instanceof CheckpointError) return undefined;
    throw error;
  }
}
