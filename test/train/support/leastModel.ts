import { sceneWords } from '../../../src/data/index.js';
import { type SemanticDistillerConfig, smallDistiller } from '../../../src/model/index.js';
import { type ModelSpec, modelSpec } from '../../../src/train/index.js';

/** As small as a distiller can be with more than one head, query and window. */
export const leastDistiller: SemanticDistillerConfig = {
  ...smallDistiller,
  channels: [4, 4, 4, 4],
  blocks: [1, 1, 1, 1],
  headChannels: 4,
  window: 2,
  features: 4,
  tokenChannels: 8,
  heads: 2,
  hidden: 8,
  queries: 4,
  keep: 2,
  textChannels: 4,
  words: sceneWords,
};

/** What makes the preset `tiny` as small, in two frames. */
export const leastFields = [
  'channels=[4,4,8,8]',
  'timeChannels=4',
  'groups=2',
  'window=2',
  'frames=2',
  'semantics.channels=4',
  'semantics.hidden=4',
  'semantics.tokens=2',
  'memory.channels=4',
  'memory.hidden=4',
  'memory.side=2',
];

/** A whole SeeClear with two frames in a clip that the float64 reference trains in a second a step. */
export const leastModel = (...overrides: string[]): ModelSpec =>
  modelSpec('tiny', [...leastFields, ...overrides], leastDistiller);
