import { expect } from 'chai';
import { philox4x32, type Words4 } from '../../src/kernels/philox.js';

const ONES = 0xffffffff;

// The known answers published with Random123.
const known: [name: string, counter: Words4, key: [number, number], words: Words4][] = [
  ['zeros', [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
  ['ones', [ONES, ONES, ONES, ONES], [ONES, ONES], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]],
  [
    'the digits of π',
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

describe('Philox 4×32-10', () => {
  for (const [name, counter, key, words] of known)
    it(`gives the published answer for ${name}`, () => expect(philox4x32(counter, key)).to.deep.equal(words));
});
