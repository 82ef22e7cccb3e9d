import { InCam, type InCamConfig, initInCam } from '../../src/model/incam.js';
import { expectOracle, oracleCases } from '../support/oracle.js';

describe('InCAM, against PyTorch', () => {
  for (const golden of oracleCases<InCamConfig>('incam'))
    it(golden.title, () =>
      expectOracle(golden, initInCam, (params, { f, features, tokens, clip }) => {
        const module = new InCam(golden.config, params);
        const [, , h, w] = f.shape;
        return { ...module.forward(f, module.context({ features, tokens }, h, w), clip) };
      }),
    );
});
