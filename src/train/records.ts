import { existsSync, readFileSync } from 'node:fs';

/** The records of a file with one as JSON on each line, in order; what is torn, as a kill leaves it, is left out. */
export function readRecords<R extends { readonly step: number }>(path: string): R[] {
  return existsSync(path) ? recordsIn(readFileSync(path, 'utf8')) : [];
}

/** The same of the text of such a file. */
export const recordsIn = <R extends { readonly step: number }>(text: string): R[] =>
  text.split('\n').flatMap((line) => (recordOf(line) ?? []) as R | never[]);

function recordOf(line: string): { readonly step: number } | undefined {
  try {
    const record = JSON.parse(line) as { readonly step: number } | null;
    return typeof record?.step === 'number' ? record : undefined;
  } catch {
    return undefined;
  }
}
