import type { PixelCondenserParams, SemanticDistillerParams } from '../model/index.js';
import { type ElementType, leaves, lincomb, mapTree, type Tensor } from '../tensor/index.js';
import type { AdamState } from './adam.js';
import { firstLossScale, type LossScale } from './lossScale.js';
import type { StageName } from './stages.js';

/** All parameters of a model. */
export interface ModelParams {
  readonly condenser: PixelCondenserParams;
  /** There if and only if the model has semantics. */
  readonly distiller?: SemanticDistillerParams;
}

/** Some of a network's parameters, by their paths. */
export type Part = Readonly<Record<string, Tensor>>;

/** Adam in one stage, over the parameters that it trains. */
export interface StageAdam extends AdamState<Part> {
  readonly stage: StageName;
}

/** Training between two steps. Lives outside every scope. */
export interface TrainState {
  /** steps taken, over all stages */
  readonly step: number;
  /** of the condenser */
  readonly params: PixelCondenserParams;
  /** EMA of `params`: what is shipped. */
  readonly average: PixelCondenserParams;
  /** Never trained here. */
  readonly distiller?: SemanticDistillerParams;
  /** Of the stage of the last step; none before the first. */
  readonly adam?: StageAdam;
  /** There if and only if the network is trained in half precision. */
  readonly lossScale?: LossScale;
}

/** What is shipped of a state. */
export const averaged = ({ average, distiller }: TrainState): ModelParams => ({
  condenser: average,
  ...(distiller && { distiller }),
});

/**
 * Training before its first step. The average starts at the parameters, which the state takes over.
 *
 * @param precision of weights and activations in a step; the state itself is f32
 */
export const trainState = (
  { condenser, distiller }: ModelParams,
  precision: ElementType = 'f32',
): TrainState => ({
  step: 0,
  params: condenser,
  average: mapTree(condenser, (p) => lincomb([1, p])),
  ...(distiller && { distiller }),
  ...(precision === 'f16' && { lossScale: firstLossScale }),
});

/** The parameters whose paths `chosen` names. */
export const partOf = (params: PixelCondenserParams, chosen: (path: string) => boolean): Part =>
  Object.fromEntries(leaves(params).filter(([path]) => chosen(path)));

/** The parameters with a part of them replaced. */
export const withPart = (params: PixelCondenserParams, part: Part): PixelCondenserParams =>
  mapTree(params, (leaf, path) => part[path] ?? leaf);
