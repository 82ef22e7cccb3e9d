import type { ConvParams } from '../../src/model/blocks/conv.js';
import {
  initWaveletDownsample,
  initWaveletUpsample,
  waveletDownsample,
  waveletSplit,
  waveletUpsample,
} from '../../src/model/blocks/wavelet.js';
import { haar, haarInverse } from '../../src/tensor/index.js';
import { expectOracle, oracleCase, type OracleCase } from '../support/oracle.js';

interface Channels {
  readonly from: number;
  readonly to: number;
}

describe('Haar wavelets, against PyTorch', () => {
  const golden = (title: string): OracleCase<Channels> => oracleCase('wavelet', title);
  const none = (): object => ({});

  it('two levels of the transform', () =>
    expectOracle(golden('two levels of the transform'), none, (_, { x }) => ({ y: haar(haar(x)) })));

  it('two levels of the inverse', () =>
    expectOracle(golden('two levels of the inverse'), none, (_, { y }) => ({
      x: haarInverse(haarInverse(y)),
    })));

  it('split', () => expectOracle(golden('split'), none, (_, { x }) => ({ ...waveletSplit(x) })));

  it('downsample', () =>
    expectOracle(
      golden('downsample'),
      ({ from, to }, init): ConvParams => initWaveletDownsample(from, to, init),
      (params, { x }) => ({ y: waveletDownsample(x, params) }),
    ));

  it('upsample', () =>
    expectOracle(
      golden('upsample'),
      ({ from, to }, init): ConvParams => initWaveletUpsample(from, to, init),
      (params, { low, high }) => ({ y: waveletUpsample(low, high, params) }),
    ));
});
