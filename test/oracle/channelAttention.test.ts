import type { AttentionConfig } from '../../src/model/blocks/attentionConfig.js';
import { ChannelAttention, initChannelAttention } from '../../src/model/blocks/channelAttention.js';
import { expectOracle, oracleCases } from '../support/oracle.js';

describe('ChannelAttention, against PyTorch', () => {
  for (const golden of oracleCases<AttentionConfig>('channelAttention'))
    it(golden.title, () =>
      expectOracle(golden, initChannelAttention, (params, { x }) => ({
        y: new ChannelAttention(golden.config, params).forward(x),
      })),
    );
});
