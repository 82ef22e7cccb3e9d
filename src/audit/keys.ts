/**
 * The keys that a reference to the paper names: `34` gives `34`, `lines 10–12, 14` gives `line 10`, `line 11`,
 * `line 12`, `line 14`, and anything else, such as `clip length` or `Table 2`, gives itself.
 */
export function keysOf(reference: string): string[] {
  const lines = /^lines? (.+)$/.exec(reference);
  if (!lines) return [reference];
  return lines[1].split(/, | and /).flatMap((part) => {
    const [first, last = first] = part.split('–').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => `line ${first + i}`);
  });
}

/** A list of line numbers, as `keysOf` reads it; a source of a regular expression. */
export const LINES = String.raw`\blines? \d+(?:–\d+)?(?:, \d+(?:–\d+)?)*(?: and \d+)?`;
