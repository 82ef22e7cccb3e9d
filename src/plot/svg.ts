/** Elements of SVG as text. Equal calls give equal text: nothing is measured, drawn or dated. */

type Attributes = Readonly<Record<string, string | number>>;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text as it stands between tags and in attributes. */
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => ENTITIES[c]);

/** Numbers with at most two decimals: a hundredth of a pixel. @throws RangeError if it is not finite */
function shown(value: string | number): string {
  if (typeof value === 'string') return escaped(value);
  if (!Number.isFinite(value)) throw new RangeError(`svg: expected a finite number, got ${value}`);
  return String(Math.round(value * 100) / 100 + 0); // + 0 turns −0 into 0
}

/** `<name a="…">children</name>`. Children are elements, not escaped. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${shown(value)}"`);
  const open = `<${name}${list.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('\n')}</${name}>`;
}

/** A line of text; `at` is where it starts, ends or has its middle, see `text-anchor`. */
export const label = (x: number, y: number, text: string, attributes: Attributes = {}): string =>
  element('text', { x, y, ...attributes }, escaped(text));

/** Elements, moved. */
export const moved = (x: number, y: number, ...children: readonly string[]): string =>
  element('g', { transform: `translate(${shown(x)} ${shown(y)})` }, ...children);

/** A whole file, on white. */
export const document = (width: number, height: number, ...children: readonly string[]): string =>
  `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${shown(width)} ${shown(height)}`,
      'font-family': 'sans-serif',
      'font-size': 12,
    },
    element('rect', { width, height, fill: '#fff' }),
    ...children,
  )}\n`;
