/** HTML that may be put into HTML as it is. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | readonly Part[] | undefined;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(textOf).join('');
  return String(part).replace(/[&<>"]/g, (c) => ENTITIES[c]);
}

/**
 * HTML with values in it. What is not HTML itself is escaped, so that it is shown as it is, between tags as in
 * attributes, which are to stand in double quotes. `undefined` is nothing.
 *
 *     html`<td title="${name}">${rows.map(row)}</td>`
 */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(String.raw({ raw: strings }, ...parts.map(textOf)));
