/** Sizes of the texture memory. */
export interface CategoryConfig {
  /** Number of the clip's tokens, and so of the memory's groups, q. */
  readonly tokens: number;
  /** Channels of the clip's tokens O_c, d. */
  readonly clipChannels: number;
  /** Channels of the four decoder layers' results. */
  readonly layers: readonly number[];
  /** Channels of one attention head of the decoder layers; divides the channels of each. */
  readonly headChannels: number;
  /** Channels of a texture, e; a multiple of `heads`. */
  readonly channels: number;
  /** Heads of the attention that constructs the memory. */
  readonly heads: number;
  /** Channels in the middle of its feed-forward network. */
  readonly hidden: number;
  /** Features are averaged to maps of at most this height and width before they enter the memory. */
  readonly side: number;
  /** First values: N(0, 0.02²), or zero as the paper has it, from which C̄ and T̄ cannot learn (erratum E3). */
  readonly initial: 'normal' | 'zero';
}
