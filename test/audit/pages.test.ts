import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { generatedPages } from '../../scripts/generatedPages.js';
import { claims } from '../../src/audit/index.js';

describe('generated pages', () => {
  it('are up to date: run npm run docs', async () => {
    for (const [file, text] of Object.entries(await generatedPages()))
      expect(readFileSync(file, 'utf8') === text, file).to.equal(true);
  });
});

describe('the claims of the paper', () => {
  it('give the percentages and decibels that it prints, from its tables', () => {
    const printed = ['10.8 %', '1.5 %', '6.6 %', '0.96 dB'];
    for (const number of printed) {
      const { recomputed } = claims.find(({ claim }) => claim.includes(number))!;
      expect(recomputed).to.include(number);
    }
  });

  it('say why, each of them', () => {
    expect(claims.length).to.be.greaterThan(10);
    for (const { claim, note, recomputed } of claims)
      expect(
        [note, recomputed].every((text) => text.length > 3),
        claim,
      ).to.equal(true);
  });
});
