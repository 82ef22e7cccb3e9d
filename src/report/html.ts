import { escaped } from '../plot/index.js';

/** HTML that may be put into HTML as it is. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | readonly Part[] | undefined;

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(textOf).join('');
  return escaped(String(part));
}

/**
 * HTML with values in it. What is not HTML itself is escaped, so that it is shown as it is, between tags as in
 * attributes, which are to stand in double quotes. `undefined` is nothing.
 *
 *     html`<td title="${name}">${rows.map(row)}</td>`
 */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(String.raw({ raw: strings }, ...parts.map(textOf)));
