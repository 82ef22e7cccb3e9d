/** A command of ours as it can be typed into a shell again. */
export const commandLine = (name: string, argv: readonly string[]): string =>
  ['seeclear', name, ...argv.map(quoted)].join(' ');

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
