import { initResBlock, ResBlock, type ResBlockConfig } from '../../src/model/blocks/resBlock.js';
import { initTimeEmbedding, TimeEmbedding } from '../../src/model/blocks/timeEmbedding.js';
import { expectOracle, oracleCases } from '../support/oracle.js';

describe('ResBlock, against PyTorch', () => {
  for (const golden of oracleCases<ResBlockConfig>('resBlock'))
    it(golden.title, () =>
      expectOracle(golden, initResBlock, (params, { x, time }) => ({
        y: new ResBlock(golden.config, params).forward(x, time),
      })),
    );
});

describe('TimeEmbedding, against PyTorch', () => {
  for (const golden of oracleCases<{ channels: number; t: number[] }>('timeEmbedding'))
    it(golden.title, () =>
      expectOracle(
        golden,
        ({ channels }, init) => initTimeEmbedding(channels, init),
        (params) => ({ y: new TimeEmbedding(golden.config.channels, params).forward(golden.config.t) }),
      ),
    );
});
