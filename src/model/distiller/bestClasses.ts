/**
 * The label of each query: its best class, the first of equals.
 *
 * @param scores [.., classes], as read from the device
 * @returns indices into the vocabulary
 */
export function bestClasses(scores: ArrayLike<number>, classes: number): number[] {
  return Array.from({ length: scores.length / classes }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (scores[row * classes + c] > scores[row * classes + best]) best = c;
    return best;
  });
}
