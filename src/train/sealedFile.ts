import { readFileSync } from 'node:fs';
import { writeFileAtomic } from './atomicFile.js';
import { CheckpointError } from './checkpointError.js';
import { sha256 } from './sha256.js';
import { decodeSafetensors, encodeSafetensors, type TensorFile } from './safetensors.js';

/** Metadata key of the seal: SHA-256, in hex, of the file as it would be without this key. */
const SEAL = 'sha256';

/** Metadata key of the same for each tensor alone, as JSON by name, so that a damaged one can be named. */
const PARTS = 'sha256 of tensors';

const partsOf = (tensors: TensorFile['tensors']): Record<string, string> =>
  Object.fromEntries(
    [...tensors].map(([name, array]) => [name, sealOf({ tensors: new Map([[name, array]]), metadata: {} })]),
  );

const sealOf = (file: TensorFile): string => sha256(encodeSafetensors(file));

/**
 * Writes a safetensors file, whole or not at all, with a seal over its tensors, their names and the metadata.
 *
 * @param beforeNamed see `writeFileAtomic`
 */
export function writeSealed(path: string, { tensors, metadata }: TensorFile, beforeNamed?: () => void): void {
  const parts = { ...metadata, [PARTS]: JSON.stringify(partsOf(tensors)) };
  const seal = sealOf({ tensors, metadata: parts });
  const bytes = encodeSafetensors({ tensors, metadata: { ...parts, [SEAL]: seal } });
  writeFileAtomic(path, bytes, beforeNamed);
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
  const { [SEAL]: seal, ...sealed } = file.metadata;
  if (seal === undefined)
    throw new CheckpointError(
      path,
      'expected weights that seeclear wrote, got a safetensors file without a seal',
    );
  const { [PARTS]: parts, ...metadata } = sealed;
  if (seal !== sealOf({ tensors: file.tensors, metadata: sealed }))
    throw new CheckpointError(
      path,
      `${damagedPart(file.tensors, parts)} not match its SHA-256: it is damaged; copy or download it again`,
    );
  return { tensors: file.tensors, metadata, digest: seal };
}

/** What of a damaged file it is that does not match: its contents, where nothing more can be said. */
function damagedPart(tensors: TensorFile['tensors'], parts: string | undefined): string {
  try {
    const wanted = JSON.parse(parts ?? '') as Record<string, unknown>;
    const name = Object.entries(partsOf(tensors)).find(([name, seal]) => wanted[name] !== seal)?.[0];
    return name === undefined ? 'its names or metadata do' : `tensor ${name} does`;
  } catch {
    return 'its contents do';
  }
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
