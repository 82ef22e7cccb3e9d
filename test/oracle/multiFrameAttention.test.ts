import {
  initWindowAttention,
  WindowAttention,
  type WindowAttentionConfig,
} from '../../src/model/blocks/windowAttention.js';
import { expectOracle, oracleCases } from '../support/oracle.js';

interface Config extends WindowAttentionConfig {
  /** Frames in use. */
  readonly clip: number;
}

describe('WindowAttention through frames, against PyTorch', () => {
  for (const golden of oracleCases<Config>('multiFrameAttention'))
    it(golden.title, () =>
      expectOracle(golden, initWindowAttention, (params, { x, gate }) => ({
        y: new WindowAttention(golden.config, params).forward(x, golden.config.clip, gate),
      })),
    );
});
