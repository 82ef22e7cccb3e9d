import { expect } from 'chai';

/** Asserts that a text is one XML element, with names that balance and attributes that are quoted. */
export function expectWellFormed(text: string): void {
  const open: string[] = [];
  const rest = text.replace(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?: [a-zA-Z][a-zA-Z0-9-]*="[^"<]*")*)(\/?)>/g, (tag, close: string, name: string, _: string, empty: string) => {
    if (close) expect(open.pop(), tag).to.equal(name);
    else if (!empty) open.push(name);
    return '';
  }); // prettier-ignore
  expect(open).to.deep.equal([]);
  expect(rest).not.to.match(/[<>]/);
  expect(text).not.to.match(/&(?!amp;|lt;|gt;|quot;)|NaN|Infinity|undefined/);
}

/** Values of an attribute in all elements of a name, in order. */
export const attributes = (text: string, element: string, attribute: string): string[] =>
  [...text.matchAll(new RegExp(`<${element} [^>]*?${attribute}="([^"]*)"`, 'g'))].map(([, value]) => value);
