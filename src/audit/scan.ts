/**
 * What the code and the tests say of the paper.
 *
 *   code    a docstring whose `@eq` or `@setting` names SeeClear and, in parentheses, a number or a name; in a file
 *           that speaks of Algorithm 1, a comment behind or above a line of code that says `line 14`, `lines 32–33`.
 *           Where a docstring names several equations, a formula with a number at its end, `y = x + 1   (12)`, is that
 *           equation's alone
 *   tests   a title: describe('SeeClear (34), (35): …'), describe('SeeClear (lines 10–12): …'), describe('E1: …')
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keysOf, LINES } from './keys.js';

/** A place that names an item. */
export interface Place {
  readonly key: string;
  /** From the root of the project. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface CodePlace extends Place {
  /** What is declared there, a method with its class; empty for a line of an algorithm. */
  readonly name: string;
  /** As implemented: the indented lines of the docstring, else its first paragraph; the code beside the comment. */
  readonly formula: readonly string[];
  /** Numbers of errata and interpretations that the docstring names. */
  readonly deviations: readonly string[];
}

export interface TestPlace extends Place {
  /** Of the `describe`. */
  readonly title: string;
}

/** All places under `root`/src that name an item. */
export const scanCode = (root: string): CodePlace[] =>
  sources(root, 'src').flatMap(([file, text]) => [...docstrings(file, text), ...lineComments(file, text)]);

/** All test titles under `root`/test that name an item, or an erratum. */
export const scanTests = (root: string): TestPlace[] =>
  sources(root, 'test').flatMap(([file, text]) =>
    [...text.matchAll(/^ *describe\(\s*(['"`])((SeeClear (?:\([^)]*\)(?:, )?)+|[EI]\d+): .*?)\1/gm)].flatMap(
      ({ index, 2: title, 3: named }) => {
        const references = [...named.matchAll(/\(([^)]*)\)/g)].map(([, reference]) => reference);
        const keys = named.startsWith('SeeClear') ? references.flatMap(keysOf) : [named];
        return keys.map((key) => ({ key, file, line: lineAt(text, index), title }));
      },
    ),
  );

/** Every .ts file below a folder, in a fixed order: its path from the root, and its text. */
const sources = (root: string, folder: string): [file: string, text: string][] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .sort()
    .map((file) => [file, readFileSync(join(root, file), 'utf8')]);

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

function docstrings(file: string, text: string): CodePlace[] {
  return [...text.matchAll(/\/\*\*(?:[^*]|\*(?!\/))*\*\//g)].flatMap(({ 0: doc, index }) => {
    const keys = [...doc.matchAll(/@(?:eq|setting) SeeClear \(([^)]+)\)/g)].map(([, key]) => key);
    if (keys.length === 0) return [];
    const end = index + doc.length;
    const [, indent, name] = DECLARATION.exec(text.slice(end)) ?? ['', '', ''];
    const [description] = doc.split(/^ *\* @/m);
    const place = {
      file,
      line: lineAt(text, end) + 1,
      name: [...(indent ? classBefore(text, index) : []), name].join('.'),
      deviations: [...new Set(doc.match(/\b[EI]\d+\b/g))],
    };
    return keys.map((key) => ({ key, ...place, formula: formulaOf(description, key) }));
  });
}

/** What a docstring stands before: blank lines and comments, its indentation, its name. */
const DECLARATION =
  /^(?: *(?:\/\/.*)?\n)*( *)(?:export )?(?:default )?(?:async )?(?:(?:function|const|class) )?(\w+)/;

/** The name of the last class that begins before a place, if there is one. */
const classBefore = (text: string, index: number): string[] =>
  [...text.slice(0, index).matchAll(/^(?:export )?class (\w+)/gm)].slice(-1).map(([, name]) => name);

/** The formulas of an equation: those that bear no other number, else the first paragraph. */
function formulaOf(description: string, key: string): string[] {
  const indented = [...description.matchAll(/^ *\* {3,}(\S.*?)(?: {2,}\((\d+)\))?$/gm)];
  const mine = indented.filter(([, , number = key]) => number === key);
  if (mine.length > 0) return mine.map(([, formula]) => formula);
  const [paragraph] = description
    .replaceAll(/^ *(\/\*\*|\*\/|\*) ?/gm, '')
    .trim()
    .split('\n\n');
  return [paragraph.replaceAll('\n', ' ')];
}

function lineComments(file: string, text: string): CodePlace[] {
  if (!text.includes('Algorithm 1')) return [];
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    if (line.trimStart().startsWith('*')) return []; // a docstring
    const [code, comment = ''] = line.split(/\/\/(.*)/) as [string, string?];
    const reference = new RegExp(LINES).exec(comment);
    if (!reference) return [];
    const shown = code.trim() || lines[i + 1].trim();
    return keysOf(reference[0]).map((key) => ({
      key,
      file,
      line: i + 1,
      name: '',
      formula: [shown],
      deviations: [...new Set(comment.match(/\b[EI]\d+\b/g))],
    }));
  });
}
