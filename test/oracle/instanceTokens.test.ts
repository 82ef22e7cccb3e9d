import {
  initInstanceTokens,
  InstanceTokens,
  type InstanceTokensConfig,
} from '../../src/model/instanceTokens.js';
import { expectOracle, oracleCases } from '../support/oracle.js';

describe('InstanceTokens, against PyTorch', () => {
  for (const golden of oracleCases<InstanceTokensConfig & { frames: number }>('instanceTokens'))
    it(golden.title, () =>
      expectOracle(golden, initInstanceTokens, (params, { tokens }) => ({
        clip: new InstanceTokens(golden.config, params).forward(tokens, golden.config.frames),
      })),
    );
});
