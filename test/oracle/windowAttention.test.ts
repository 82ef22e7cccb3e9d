import {
  initWindowAttention,
  WindowAttention,
  type WindowAttentionConfig,
} from '../../src/model/blocks/windowAttention.js';
import { expectOracle, oracleCases } from '../support/oracle.js';

describe('WindowAttention, against PyTorch', () => {
  for (const golden of oracleCases<WindowAttentionConfig>('windowAttention'))
    it(golden.title, () =>
      expectOracle(golden, initWindowAttention, (params, { x }) => ({
        y: new WindowAttention(golden.config, params).forward(x),
      })),
    );
});
