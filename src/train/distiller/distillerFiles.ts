/** Files of a distiller's training: the whole state, to go on from, and the averaged weights, to use. */
import {
  initSemanticDistiller,
  type SemanticDistillerConfig,
  type SemanticDistillerParams,
} from '../../model/index.js';
import { type Backend, PlanningBackend } from '../../tensor/index.js';
import { expectKind, fromJson, KIND, type WeightsOptions } from '../checkpoint.js';
import { CheckpointError } from '../checkpointError.js';
import { keepPrevious } from '../keptCheckpoints.js';
import type { StoredTensor } from '../safetensors.js';
import { readSealed, type SealedFile, writeSealed } from '../sealedFile.js';
import { restoreTree, storeTree } from '../storedTree.js';
import type { DistillerState, DistillerTrainConfig } from './distillerTraining.js';

const TRAINING = 'seeclear distiller training 1';
const WEIGHTS = 'seeclear distiller weights 1';

/** Writes all of a run's state: parameters, Adam's moments, average, step and settings. The checkpoint before is kept. */
export async function saveDistillerCheckpoint(
  path: string,
  config: DistillerTrainConfig,
  { params, adam, average }: DistillerState,
): Promise<void> {
  const tensors = await storeTree({ params, m: adam.m, v: adam.v, average }, '');
  const metadata = { [KIND]: TRAINING, config: JSON.stringify(config), step: String(adam.step) };
  writeSealed(path, { tensors, metadata }, () => keepPrevious(path));
}

/** A checkpoint, read and verified. */
export interface DistillerCheckpoint {
  readonly config: DistillerTrainConfig;
  /** @throws CheckpointError if the tensors are of another network */
  readonly restore: (backend: Backend) => DistillerState;
}

/** @throws CheckpointError if the file is missing, damaged or no checkpoint of a distiller's training */
export function loadDistillerCheckpoint(path: string): DistillerCheckpoint {
  const { tensors, metadata } = expectKind(path, readSealed(path), TRAINING);
  const config = fromJson(path, metadata.config) as DistillerTrainConfig;
  const params = templateOf(path, config.network);
  return {
    config,
    restore(backend) {
      const template = { params, m: params, v: params, average: params };
      const { m, v, ...rest } = restoreTree(backend, template, tensors, '', path);
      return { ...rest, adam: { m, v, step: Number(metadata.step) } };
    },
  };
}

/** Writes parameters to use. */
export async function saveDistiller(
  path: string,
  network: SemanticDistillerConfig,
  params: SemanticDistillerParams,
  { half, provenance }: WeightsOptions,
): Promise<void> {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, array] of await storeTree(params, ''))
    tensors.set(name, { ...array, dtype: half ? 'F16' : 'F32' });
  writeSealed(path, {
    tensors,
    metadata: { ...provenance, [KIND]: WEIGHTS, network: JSON.stringify(network) },
  });
}

/** A distiller's weights, read and verified. */
export interface DistillerWeights {
  readonly path: string;
  readonly network: SemanticDistillerConfig;
  /** SHA-256 of the contents, in hex. */
  readonly digest: string;
  /** The metadata besides: settings, steps, device. */
  readonly provenance: SealedFile['metadata'];
  /** @throws CheckpointError if the tensors are of another network */
  readonly restore: (backend: Backend) => SemanticDistillerParams;
}

/** @throws CheckpointError if the file is missing, damaged or no file of a distiller's weights */
export function loadDistiller(path: string): DistillerWeights {
  const { tensors, metadata, digest } = expectKind(path, readSealed(path), WEIGHTS);
  const { network: text, ...provenance } = metadata;
  const network = fromJson(path, text) as SemanticDistillerConfig;
  const template = templateOf(path, network);
  return {
    path,
    network,
    digest,
    provenance,
    restore: (backend) => restoreTree(backend, template, tensors, '', path),
  };
}

/** Parameters for their names and shapes. */
function templateOf(path: string, network: SemanticDistillerConfig): SemanticDistillerParams {
  try {
    return initSemanticDistiller(network, new PlanningBackend(), 0);
  } catch (error) {
    throw new CheckpointError(
      path,
      'expected a distiller of this version of seeclear, got one that cannot be built',
      { cause: error },
    );
  }
}
