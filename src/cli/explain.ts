/** seeclear explain — one item of the paper: as printed, as implemented, where, tested by what. */
import { explainDeviation, explainRow, lookUp } from '../audit/index.js';
import { registerOfClone } from './clone.js';
import { command } from './command.js';
import { UsageError } from './errors.js';

export const explain = command({
  name: 'explain',
  summary: 'an equation or a line of the paper, and what became of it',
  usage: 'ITEM',
  description: [
    'ITEM is an equation (34), a line of Algorithm 1 (line 41), a table (Table 2), a setting of section 4.1 (clip',
    'length), an erratum (E1) or an interpretation (I3). Prints the formula as printed and as implemented, its',
    'symbols, its place in the code, its tests, and where we depart from the print. Needs a clone.',
  ].join('\n'),
  options: {},
  positionals: [1, 4],
  run({ values, positionals }, io) {
    const register = registerOfClone();
    const name = positionals.join(' ');
    const found = lookUp(register, name);
    if (!found)
      throw new UsageError(
        `expected 1 ... 36, line 1 ... line 45, Table 1 ... Table 5, a setting, or one of ${[...new Set(register.deviations.map(({ id }) => id))].join(', ')}; got '${name}'`,
      );
    if (values.json) {
      const about =
        'row' in found
          ? {
              ...found.row,
              symbols: found.row.symbols.map((symbol) => register.glossary.get(symbol) ?? { symbol }),
              deviations: register.deviations.filter(({ id }) => found.row.deviations.includes(id)),
            }
          : found.deviations;
      io.out(JSON.stringify(about));
      return;
    }
    const lines =
      'row' in found ? explainRow(found.row, register) : found.deviations.flatMap(explainDeviation);
    lines.forEach((line) => io.out(line));
  },
});
