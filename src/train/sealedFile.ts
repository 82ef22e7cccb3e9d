import { readFileSync } from 'node:fs';
import { writeFileAtomic } from './atomicFile.js';
import { CheckpointError } from './checkpointError.js';
import { sha256 } from './sha256.js';
import { decodeSafetensors, encodeSafetensors, type TensorFile } from './safetensors.js';

/** Metadata key of the seal: SHA-256, in hex, of the file as it would be without this key. */
const SEAL = 'sha256';

const sealOf = (file: TensorFile): string => sha256(encodeSafetensors(file));

/** Writes a safetensors file, whole or not at all, with a seal over its tensors, their names and the metadata. */
export function writeSealed(path: string, { tensors, metadata }: TensorFile): void {
  const seal = sealOf({ tensors, metadata });
  writeFileAtomic(path, encodeSafetensors({ tensors, metadata: { ...metadata, [SEAL]: seal } }));
}

/** What a sealed file holds; the seal names it. */
export interface SealedFile extends TensorFile {
  readonly digest: string;
}

/**
 * Reads what `writeSealed` wrote.
 *
 * @throws CheckpointError if the file is missing, damaged, or anything in it was changed
 */
export function readSealed(path: string): SealedFile {
  const file = decodeSafetensors(bytesOf(path), path);
  const { [SEAL]: seal, ...metadata } = file.metadata;
  if (seal === undefined)
    throw new CheckpointError(
      path,
      'expected weights that seeclear wrote, got a safetensors file without a seal',
    );
  if (seal !== sealOf({ tensors: file.tensors, metadata }))
    throw new CheckpointError(
      path,
      'its contents do not match its SHA-256: it is damaged; copy or download it again',
    );
  return { tensors: file.tensors, metadata, digest: seal };
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CheckpointError(path, `expected a file of weights, got ${code}; check the path`, {
      cause: error,
    });
  }
}
