import type { FeedForwardConfig } from '../../src/model/blocks/feedForward.js';
import { GatedFeedForward, initGatedFeedForward } from '../../src/model/blocks/gatedFeedForward.js';
import { expectOracle, oracleCases } from '../support/oracle.js';

describe('GatedFeedForward, against PyTorch', () => {
  for (const golden of oracleCases<FeedForwardConfig>('gatedFeedForward'))
    it(golden.title, () =>
      expectOracle(golden, initGatedFeedForward, (params, { x }) => ({
        y: new GatedFeedForward(golden.config, params).forward(x),
      })),
    );
});
