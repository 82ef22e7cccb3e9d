/** Files of a training run: the whole state, to go on from, and the averaged weights, to use. */
import type { Backend } from '../tensor/index.js';
import { CheckpointError } from './checkpointError.js';
import { keepPrevious } from './keptCheckpoints.js';
import type { LossScale } from './lossScale.js';
import type { ModelSpec } from './modelSpec.js';
import type { StoredTensor } from './safetensors.js';
import { readSealed, type SealedFile, writeSealed } from './sealedFile.js';
import { stageNames } from './stages.js';
import { restoreTree, storeTree } from './storedTree.js';
import type { TrainConfig } from './trainConfig.js';
import { averaged, type ModelParams, partOf, type TrainState } from './trainState.js';

/** Metadata key and values that say what a sealed file is. */
export const KIND = 'format';
const TRAINING = 'seeclear training 2';
const WEIGHTS = 'seeclear weights 2';

/** Weights of before there were semantics: the condenser's alone, without a prefix. */
const FIRST_WEIGHTS = 'seeclear weights 1';

/** Writes all of a run's state: parameters, Adam's moments, average, distiller, step, stage and settings. The checkpoint
 * before is kept. */
export async function saveCheckpoint(
  path: string,
  config: TrainConfig,
  { step, params, average, distiller, adam, lossScale }: TrainState,
): Promise<void> {
  const trees = { params, average, ...(adam && { m: adam.m, v: adam.v }), ...(distiller && { distiller }) };
  const metadata = {
    [KIND]: TRAINING,
    config: JSON.stringify(config),
    step: String(step),
    ...(adam && { stage: adam.stage, adamStep: String(adam.step) }),
    ...(lossScale && { lossScale: JSON.stringify(lossScale) }),
  };
  const tensors = await storeTree(trees, '');
  writeSealed(path, { tensors, metadata }, () => keepPrevious(path));
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
  restore(backend: Backend, template: ModelParams): TrainState;
}

/** @throws CheckpointError if the file is missing, damaged or no checkpoint of a training run */
export function loadCheckpoint(path: string): Checkpoint {
  const { tensors, metadata } = expectKind(path, readSealed(path), TRAINING);
  const step = Number(metadata.step);
  const stage = stageNames.find((name) => name === metadata.stage);
  return {
    config: fromJson(path, metadata.config) as TrainConfig,
    step,
    restore(backend, { condenser, distiller }) {
      const trained = partOf(condenser, (path) => tensors.has(`m.${path}`));
      const template = {
        params: condenser,
        average: condenser,
        ...(stage && { m: trained, v: trained }),
        ...(distiller && { distiller }),
      };
      const { m, v, ...rest } = restoreTree(backend, template, tensors, '', path);
      return {
        step,
        ...rest,
        ...(stage && m && v && { adam: { stage, m, v, step: Number(metadata.adamStep) } }),
        ...(metadata.lossScale !== undefined && {
          lossScale: fromJson(path, metadata.lossScale) as LossScale,
        }),
      };
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
  params: ModelParams,
  { half, provenance }: WeightsOptions,
): Promise<void> {
  const tensors = await storeTree(params, '');
  for (const [name, array] of tensors) tensors.set(name, { ...array, dtype: half ? 'F16' : 'F32' });
  writeSealed(path, { tensors, metadata: { ...provenance, [KIND]: WEIGHTS, model: JSON.stringify(model) } });
}

/** What `saveAverage` says of a run. */
export interface AverageOptions extends Pick<WeightsOptions, 'half'> {
  readonly backend: Backend;
  readonly config: TrainConfig;
  /** PSNR in validation, where that is why it is saved. */
  readonly psnr?: string;
}

/** Writes what a run ships: the average of the parameters, and where it comes from. */
export async function saveAverage(
  path: string,
  { backend, config, half, psnr }: AverageOptions,
  state: TrainState,
): Promise<void> {
  const provenance = {
    config: JSON.stringify(config),
    steps: String(state.step),
    ...(psnr !== undefined && { psnr }),
    device: backend.description,
  };
  await saveWeights(path, config.model, averaged(state), { half, provenance });
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
  restore(backend: Backend, template: ModelParams): ModelParams;
}

/** @throws CheckpointError if the file is missing, damaged or no file of weights of this version */
export function loadWeights(path: string): Weights {
  const file = readSealed(path);
  if (file.metadata[KIND] === FIRST_WEIGHTS)
    throw new CheckpointError(
      path,
      'expected weights with semantics, got those of an earlier version; train again, from them: seeclear train --from',
    );
  const { tensors, metadata, digest } = expectKind(path, file, WEIGHTS);
  const { model, ...provenance } = metadata;
  return {
    path,
    model: fromJson(path, model) as ModelSpec,
    digest,
    provenance,
    restore: (backend, template) => restoreTree(backend, template, tensors, '', path),
  };
}

/** Weights to start from: arrays of a condenser that need not be of the same model. */
export interface Origin {
  readonly digest: string;
  /** by the paths of the condenser's parameters */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** @throws CheckpointError if the file is missing, damaged or no file of weights of any version */
export function loadOrigin(path: string): Origin {
  const file = readSealed(path);
  if (file.metadata[KIND] === FIRST_WEIGHTS) return file;
  const { tensors, digest } = expectKind(path, file, WEIGHTS);
  const prefix = 'condenser.';
  const own = [...tensors].filter(([name]) => name.startsWith(prefix));
  return { digest, tensors: new Map(own.map(([name, array]) => [name.slice(prefix.length), array])) };
}

export function expectKind(path: string, file: SealedFile, kind: string): SealedFile {
  const got = file.metadata[KIND];
  if (got !== kind)
    throw new CheckpointError(
      path,
      `expected a file of kind '${kind}', got '${got ?? 'none'}'; name another file`,
    );
  return file;
}

export function fromJson(path: string, text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new CheckpointError(path, 'its metadata does not describe a model; it was not written by seeclear');
  }
}
