/** Sizes of a self-attention with several heads. */
export interface AttentionConfig {
  /** Channels in and out, c. */
  readonly channels: number;
  /** Channels of one head, d; divides c. */
  readonly headChannels: number;
}

/** Number of heads, c / d. @throws RangeError if d does not divide c */
export function headsOf({ channels, headChannels }: AttentionConfig): number {
  if (channels % headChannels !== 0)
    throw new RangeError(
      `attention: expected heads of a divisor of ${channels} channels, got ${headChannels}`,
    );
  return channels / headChannels;
}
