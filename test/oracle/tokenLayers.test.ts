import {
  initTokenAttention,
  TokenAttention,
  type TokenAttentionConfig,
} from '../../src/model/blocks/tokenAttention.js';
import {
  DecoderLayer,
  EncoderLayer,
  initDecoderLayer,
  initEncoderLayer,
  type TokenLayerConfig,
} from '../../src/model/blocks/tokenLayers.js';
import { expectOracle, oracleCase, oracleCases } from '../support/oracle.js';

describe('TokenAttention, against PyTorch', () => {
  for (const golden of oracleCases<TokenAttentionConfig>('tokenAttention'))
    it(golden.title, () =>
      expectOracle(
        golden,
        (config, init) => initTokenAttention(config, init),
        (params, { x, tokens, bias }) => ({
          y: new TokenAttention(golden.config, params).forward(x, tokens, bias),
        }),
      ),
    );
});

describe('layers of transformers, against PyTorch', () => {
  it('encoder layer', () => {
    const golden = oracleCase<TokenLayerConfig>('tokenLayers', 'encoder layer');
    return expectOracle(golden, initEncoderLayer, (params, { x }) => ({
      y: new EncoderLayer(golden.config, params).forward(x),
    }));
  });

  it('decoder layer', () => {
    const golden = oracleCase<TokenLayerConfig>('tokenLayers', 'decoder layer');
    return expectOracle(golden, initDecoderLayer, (params, { x, tokens }) => ({
      y: new DecoderLayer(golden.config, params).forward(x, tokens),
    }));
  });
});
