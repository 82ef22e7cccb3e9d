import { l2Normalize, matmul, Tensor, type Backend } from '../../tensor/index.js';
import type { Initialiser } from '../initialiser.js';

/** Embeddings of words, and of the class of what is none of the vocabulary. */
export interface TextEncoderParams {
  readonly words: Tensor; // [words, e]
  readonly nothing: Tensor; // [1, e]
}

export const initTextEncoder = (words: number, channels: number, init: Initialiser): TextEncoderParams => ({
  words: init.at('words').normal([words, channels], 1),
  nothing: init.at('nothing').normal([1, channels], 1),
});

/**
 * Embeddings of phrases: the sum of the words' embeddings, at length 1. A phrase need not have been seen in training,
 * only its words; so any vocabulary over the words will do.
 *
 * @param known the words, in the order of their rows
 * @param vocabulary phrases: words with a space between
 * @returns F_txt [classes, e]
 * @throws RangeError for an empty vocabulary, or a word that is not known
 */
export function embedPhrases(words: Tensor, known: readonly string[], vocabulary: readonly string[]): Tensor {
  if (vocabulary.length === 0) throw new RangeError('vocabulary: expected at least one phrase, got none');
  const rows = vocabulary.map((phrase) => phrase.split(' ').map((word) => rowOf(word, phrase, known)));
  return l2Normalize(matmul(counts(words.backend, rows, known.length), words)); // [classes, e]
}

function rowOf(word: string, phrase: string, known: readonly string[]): number {
  const row = known.indexOf(word);
  if (row < 0)
    throw new RangeError(
      `vocabulary: expected phrases of the words ${known.join(', ')}, got '${word}' in '${phrase}'`,
    );
  return row;
}

/** One key per vocabulary, under which a backend keeps the matrix that it was given once. */
const keys = new Map<string, object>();

/** How often each word is in each phrase: [classes, words]. */
function counts(backend: Backend, rows: readonly (readonly number[])[], words: number): Tensor {
  const name = `${words}: ${rows.join(' ')}`;
  let key = keys.get(name);
  if (!key) keys.set(name, (key = {}));
  const storage = backend.constant(key, () => {
    const values = new Float64Array(rows.length * words);
    rows.forEach((phrase, i) => phrase.forEach((word) => values[i * words + word]++));
    return values;
  });
  return new Tensor(backend, [rows.length, words], storage);
}
