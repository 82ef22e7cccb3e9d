import { type DataPart, PROCEDURAL } from '../train/index.js';
import { UsageError } from './errors.js';
import { integer, real } from './values.js';

/**
 * The sources that `--data` names, one each time: SOURCE[,lr=FOLDER][,shrink=N][,weight=W]. A comma that is not followed
 * by one of these names belongs to the path.
 *
 * @param texts the values; procedural clips alone if there are none
 * @throws UsageError if one cannot be understood
 */
export const dataOf = (texts: readonly string[]): DataPart[] =>
  (texts.length > 0 ? texts : [PROCEDURAL]).map(partOf);

function partOf(text: string): DataPart {
  const fail = (expected: string): never => {
    throw new UsageError(`--data: expected ${expected}, got '${text}'`);
  };
  const [source, ...settings] = text.split(/,(?=(?:lr|shrink|weight)=)/);
  const given = new Map(
    settings.map((setting) => [/^[a-z]+/.exec(setting)![0], setting.replace(/^[a-z]+=/, '')]),
  );
  const [lr, shrink] = [given.get('lr'), given.get('shrink')];
  if (source === '' || lr === '' || given.size < settings.length)
    fail('SOURCE[,lr=FOLDER][,shrink=N][,weight=W], each at most once');
  if (source === PROCEDURAL && (lr ?? shrink) !== undefined) fail(`${PROCEDURAL} with a weight alone`);
  if (lr !== undefined && shrink !== undefined) fail('lr or shrink');
  return {
    source,
    ...(lr !== undefined && { lr }),
    ...(shrink !== undefined && { shrink: integer('data', shrink, 1, 64) }),
    weight: real('data', given.get('weight') ?? '1', 1e-6, 1e6),
  };
}
