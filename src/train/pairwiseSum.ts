/**
 * Σᵢ xᵢ, i = 0 … n − 1, by a binary tree that n alone fixes: the left branch of n terms has as many as the greatest
 * power of two below n.
 *
 *   n = 6:   ((x₀ + x₁) + (x₂ + x₃)) + (x₄ + x₅)
 *
 * Terms are made in order, each once, and at most ⌈log₂ n⌉ + 1 of them and their sums are there at a time.
 *
 * @param n at least 1
 * @param node what surrounds the making of every term and sum: a scope, for tensors
 */
export function pairwiseSum<T>(
  n: number,
  term: (i: number) => T,
  add: (a: T, b: T) => T,
  node: (make: () => T) => T = (make) => make(),
): T {
  const sum = (first: number, count: number): T =>
    node(() => {
      if (count === 1) return term(first);
      const left = 2 ** (Math.ceil(Math.log2(count)) - 1);
      return add(sum(first, left), sum(first + left, count - left));
    });
  return sum(0, n);
}
