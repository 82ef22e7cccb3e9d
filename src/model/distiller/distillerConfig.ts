/** Sizes of a small Semantic Distiller. */
export interface SemanticDistillerConfig {
  /** Channels of the backbone at 1, 1/2, 1/4 and 1/8 of the LR size. */
  readonly channels: readonly [c1: number, c2: number, c3: number, c4: number];
  /** Pairs of window attention and feed-forward network at each of them. */
  readonly blocks: readonly [b1: number, b2: number, b3: number, b4: number];
  /** Channels of one head of window attention; divides all channels. */
  readonly headChannels: number;
  /** Height and width of an attention window in pixels of its level; a power of two. */
  readonly window: number;
  /** Hidden channels of the backbone's feed-forward networks, as a multiple. */
  readonly feedForwardRatio: number;
  /** Channels of the segmentation features P, c. */
  readonly features: number;
  /** Channels of a semantic token, d; a multiple of 4 and of `heads`. */
  readonly tokenChannels: number;
  /** Heads of the query decoder's attention. */
  readonly heads: number;
  /** Hidden channels of the query decoder's feed-forward networks. */
  readonly hidden: number;
  /** Learned queries, q. */
  readonly queries: number;
  /** Queries that (9) keeps, k ≤ q. */
  readonly keep: number;
  /** Size of the space in which tokens and words meet, e. */
  readonly textChannels: number;
  /** The words that it knows; a phrase of the vocabulary is made of them. */
  readonly words: readonly string[];
}

/** The sizes of the distiller that comes with the package: 0.5 million parameters. */
export const smallDistiller: Omit<SemanticDistillerConfig, 'words'> = {
  channels: [16, 32, 64, 64],
  blocks: [0, 1, 1, 1],
  headChannels: 16,
  window: 4,
  feedForwardRatio: 2,
  features: 32,
  tokenChannels: 64,
  heads: 4,
  hidden: 128,
  queries: 16,
  keep: 8,
  textChannels: 32,
};
