/** Every `@eq` tag in the code has a `describe` of its own in the tests, and the other way round. */
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.ts'))
    .map((f) => readFileSync(join(folder, f), 'utf8'))
    .join('\n');

const numbers = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, eq]) => eq))].sort();

describe('traceability', () => {
  it('finds the same equations in code and tests', () => {
    const inCode = numbers(read('src'), /@eq SeeClear \((\d+)\)/g);
    const titles = [...read('test').matchAll(/describe\('(SeeClear \([^:]+):/g)].map(([, title]) => title);
    const inTests = numbers(titles.join('\n'), /\((\d+)\)/g);
    expect(inCode).to.deep.equal(inTests);
    expect(inCode.length).to.be.greaterThan(10);
  });
});
