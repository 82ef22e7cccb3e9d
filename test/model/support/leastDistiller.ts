import type { SemanticDistillerConfig } from '../../../src/model/index.js';

/** A Semantic Distiller that is as small as it can be, for the float64 backend. */
export const leastDistiller: SemanticDistillerConfig = {
  channels: [4, 4, 8, 8],
  blocks: [0, 1, 1, 1],
  headChannels: 4,
  window: 2,
  feedForwardRatio: 1,
  features: 4,
  tokenChannels: 8,
  heads: 2,
  hidden: 8,
  queries: 5,
  keep: 3,
  textChannels: 4,
  words: ['big', 'small', 'disc', 'star'],
};
