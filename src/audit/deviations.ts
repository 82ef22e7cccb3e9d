import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keysOf, LINES } from './keys.js';

/** An erratum or an interpretation, as the documentation has it. */
export interface Deviation {
  /** `E1`, `I3` */
  readonly id: string;
  readonly title: string;
  /** The whole entry, title included. */
  readonly text: string;
  /** Equations that its title names. */
  readonly equations: readonly string[];
  /** Items that it names: those equations and tables, and lines of Algorithm 1, of a paragraph anywhere. */
  readonly keys: readonly string[];
  readonly file: string;
  readonly line: number;
}

const FILES = ['docs/deviations.md', 'docs/errata.md'];

/**
 * All entries: paragraphs that begin `**E1 — title.**`, or sections headed `## E1 — title`, up to the next entry or
 * heading. An erratum that has both, in two files, is two of them with one number.
 */
export const readDeviations = (root: string): Deviation[] =>
  FILES.filter((file) => existsSync(join(root, file))).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const starts = [...text.matchAll(/^(?:\*\*|#+ )(?:([EI]\d+)\b[ —:.-]*([^\n]*(?:\n(?!\n)[^\n]*)*))?/gm)];
    return starts.flatMap((start, i) => {
      const [, id, rest] = start as unknown as [string, string | undefined, string];
      if (id === undefined) return [];
      const entry = text.slice(start.index, starts.at(i + 1)?.index).trim();
      const heading = entry.startsWith('#');
      const title = (heading ? rest.split('\n')[0] : rest.split('**')[0])
        .replace(/\s+/g, ' ')
        .replace(/\.$/, '');
      const equations = [...title.matchAll(/\((\d+)\)/g)].map(([, n]) => n);
      const lines = (heading ? title : entry).match(new RegExp(LINES, 'g')) ?? [];
      const tables = title.match(/\bTable \d\b/g) ?? [];
      const keys = [...new Set([...equations, ...tables, ...lines.flatMap(keysOf)])];
      return [
        {
          id,
          title,
          text: entry,
          equations,
          keys,
          file,
          line: text.slice(0, start.index).split('\n').length,
        },
      ];
    });
  });
