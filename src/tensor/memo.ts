/** `f` that remembers its results by its numeric arguments, so that a table is one object and is uploaded once. */
export function memo<A extends readonly number[], R>(f: (...args: A) => R): (...args: A) => R {
  const known = new Map<string, R>();
  return (...args) => {
    const key = args.join();
    const found = known.get(key);
    if (found !== undefined) return found;
    const result = f(...args);
    known.set(key, result);
    return result;
  };
}
