/** Files of a training run: the whole state, to go on from, and the averaged weights, to use. */
import type { Backend } from '../tensor/index.js';
import { CheckpointError } from './checkpointError.js';
import type { ModelSpec } from './modelSpec.js';
import type { StoredTensor } from './safetensors.js';
import { readSealed, type SealedFile, writeSealed } from './sealedFile.js';
import { restoreTree, storeTree } from './storedTree.js';
import type { TrainConfig } from './trainConfig.js';
import type { TrainState } from './trainStep.js';

/** Metadata key and values that say what a sealed file is. */
const KIND = 'format';
const TRAINING = 'seeclear training 1';
const WEIGHTS = 'seeclear weights 1';

/** Writes all of a run's state: parameters, Adam's moments, average, step and settings. */
export async function saveCheckpoint<P extends object>(
  path: string,
  config: TrainConfig,
  { params, adam, average }: TrainState<P>,
): Promise<void> {
  const trees = { params, m: adam.m, v: adam.v, average };
  const tensors = new Map<string, StoredTensor>();
  for (const [name, tree] of Object.entries(trees))
    (await storeTree(tree, `${name}.`)).forEach((array, path) => tensors.set(path, array));
  const metadata = { [KIND]: TRAINING, config: JSON.stringify(config), step: String(adam.step) };
  writeSealed(path, { tensors, metadata });
}

/** A checkpoint, read and verified. */
export interface Checkpoint {
  readonly config: TrainConfig;
  /** steps taken */
  readonly step: number;
  /**
   * The state on a backend.
   * @param template parameters of the model that the configuration describes
   * @throws CheckpointError if the tensors are of another model
   */
  restore<P extends object>(backend: Backend, template: P): TrainState<P>;
}

/** @throws CheckpointError if the file is missing, damaged or no checkpoint of a training run */
export function loadCheckpoint(path: string): Checkpoint {
  const { tensors, metadata } = expectKind(path, readSealed(path), TRAINING);
  const step = Number(metadata.step);
  return {
    config: fromJson(path, metadata.config) as TrainConfig,
    step,
    restore<P extends object>(backend: Backend, template: P): TrainState<P> {
      const tree = (name: string): P => restoreTree(backend, template, tensors, `${name}.`, path);
      return { params: tree('params'), adam: { m: tree('m'), v: tree('v'), step }, average: tree('average') };
    },
  };
}

/** How weights are stored, and where they come from. */
export interface WeightsOptions {
  /** 16 bits a number instead of 32: half the size, three digits. */
  readonly half: boolean;
  /** Entries for the metadata: command, steps, device. */
  readonly provenance: Readonly<Record<string, string>>;
}

/** Writes parameters to use: of a model that needs no training any more. */
export async function saveWeights(
  path: string,
  model: ModelSpec,
  params: object,
  { half, provenance }: WeightsOptions,
): Promise<void> {
  const tensors = await storeTree(params, '');
  for (const [name, array] of tensors) tensors.set(name, { ...array, dtype: half ? 'F16' : 'F32' });
  writeSealed(path, { tensors, metadata: { ...provenance, [KIND]: WEIGHTS, model: JSON.stringify(model) } });
}

/** Weights, read and verified. */
export interface Weights {
  readonly path: string;
  readonly model: ModelSpec;
  /** SHA-256 of the contents, in hex: their name for manifests. */
  readonly digest: string;
  /** The metadata besides: command, steps, device. */
  readonly provenance: SealedFile['metadata'];
  /** @throws CheckpointError if the tensors are of another model than `template` */
  restore<P extends object>(backend: Backend, template: P): P;
}

/** @throws CheckpointError if the file is missing, damaged or no file of weights */
export function loadWeights(path: string): Weights {
  const { tensors, metadata, digest } = expectKind(path, readSealed(path), WEIGHTS);
  const { model, ...provenance } = metadata;
  return {
    path,
    model: fromJson(path, model) as ModelSpec,
    digest,
    provenance,
    restore: (backend, template) => restoreTree(backend, template, tensors, '', path),
  };
}

function expectKind(path: string, file: SealedFile, kind: string): SealedFile {
  const got = file.metadata[KIND];
  if (got !== kind)
    throw new CheckpointError(
      path,
      `expected a file of kind '${kind}', got '${got ?? 'none'}'; name another file`,
    );
  return file;
}

function fromJson(path: string, text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new CheckpointError(path, 'its metadata does not describe a model; it was not written by seeclear');
  }
}
