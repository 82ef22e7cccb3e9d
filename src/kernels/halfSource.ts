import type { ElementType } from './elementType.js';

/** A storage array of a WGSL text. */
interface StorageArray {
  readonly name: string;
  /** What the text calls its elements: `f32`, `vec4f` or an alias. */
  readonly element: string;
  /** What they are in half precision; undefined for an array that stays in single precision. */
  readonly half: string | undefined;
}

const halfOf: Readonly<Record<string, string | undefined>> = { f32: 'f16', vec4f: 'vec4h' };
const DECLARATION = /@binding\((\d+)\)\s+var<storage, \w+>\s+(\w+):\s+array<(\w+)>;/g;

/**
 * The same kernel on arrays of which some are in half precision: each load from one of them is widened to f32, each
 * store to one of them is narrowed. What lies between stays as it was written, so all arithmetic and every
 * accumulation is in f32, where the product of two f16 is exact. A result differs from the f32 kernel's by the
 * rounding of its stores alone.
 *
 *   x[i]          →  T(x[i])               with x: array<T>, T an f32, a vec4f or an alias of these
 *   y[i] = v;     →  y[i] = vec4h(v);
 *
 * @param types of the bindings: inputs, then the output
 * @throws Error for a use of such an array that is neither
 */
export function inHalf(wgsl: string, types: readonly ElementType[]): string {
  if (!types.includes('f16')) return wgsl;
  const text = wgsl.replace(/\/\/.*$/gm, '');
  const arrays = storageArrays(text, types);
  const declared = text.replace(DECLARATION, (declaration, binding: string, _, element: string) => {
    const { half } = arrays[Number(binding)];
    return half ? declaration.replace(`array<${element}>`, `array<${half}>`) : declaration;
  });
  const halves = new Map(arrays.filter(({ half }) => half).map((array) => [array.name, array]));
  return `enable f16;\n${withAccesses(declared, halves)}`;
}

function storageArrays(text: string, types: readonly ElementType[]): StorageArray[] {
  const arrays: StorageArray[] = [];
  for (const [, binding, name, element] of text.matchAll(DECLARATION)) {
    const alias = new RegExp(`alias ${element} = (\\w+);`).exec(text);
    const half = halfOf[alias ? alias[1] : element];
    if (!half) throw new Error(`half precision: no such type for array<${element}> of ${name}`);
    arrays[Number(binding)] = { name, element, half: types[Number(binding)] === 'f16' ? half : undefined };
  }
  if (Object.keys(arrays).length !== types.length)
    throw new Error(`half precision: ${types.length} arrays are bound, ${arrays.length} were found`);
  return arrays;
}

/** The text with its loads and stores of `halves` rewritten, those inside indices and stored values included. */
function withAccesses(text: string, halves: ReadonlyMap<string, StorageArray>): string {
  // A name after a dot is a member of a structure or of a vector; one before a colon is declared.
  const use = new RegExp(`(?<![.\\w])(${[...halves.keys()].join('|')})\\b(?!\\s*:)`, 'g');
  let done = '';
  let at = 0;
  for (let found = use.exec(text); found; found = use.exec(text)) {
    const name = found[1];
    const array = halves.get(name);
    const open = found.index + name.length;
    if (!array || text[open] !== '[') {
      if (/&\s*$/.test(text.slice(0, found.index)))
        throw new Error(`half precision: a pointer to ${name} is not understood`);
      continue; // another thing of that name
    }
    const close = closing(text, open);
    const access = `${name}[${withAccesses(text.slice(open + 1, close), halves)}]`;
    const after = text.slice(close + 1);
    if (/^(\.\w+|\[[^\]]*\])?\s*[-+*/%&|^]=|^(\.\w+|\[[^\]]*\])\s*=(?!=)/.test(after))
      throw new Error(`half precision: ${access} is changed in a way that is not understood`);
    const stored = /^\s*=(?!=)/.exec(after);
    done += text.slice(at, found.index);
    if (stored) {
      const start = close + 1 + stored[0].length;
      at = text.indexOf(';', start);
      done += `${access} = ${array.half}(${withAccesses(text.slice(start, at).trim(), halves)})`;
    } else {
      at = close + 1;
      done += `${array.element}(${access})`;
    }
    use.lastIndex = at;
  }
  return done + text.slice(at);
}

/** Where the bracket that opens at `open` closes. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '[') depth++;
    if (text[i] === ']' && --depth === 0) return i;
  }
  throw new Error('half precision: a bracket is never closed');
}
