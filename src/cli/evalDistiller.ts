/** seeclear eval-distiller — how well the Semantic Distiller finds and names things. */
import { SemanticDistiller } from '../model/index.js';
import { type DistillerRow, evaluateDistiller, loadDistiller } from '../train/index.js';
import { command } from './command.js';
import { Interrupted } from './errors.js';
import { shippedDistiller } from './installation.js';
import { deviceOf, deviceOption } from './options.js';
import { Progress } from './progress.js';
import { alignColumns } from './table.js';
import { integer, multiple } from './values.js';
import { withBackend } from './withBackend.js';

export const evalDistiller = command({
  name: 'eval-distiller',
  summary: 'how well the Semantic Distiller finds and names things',
  usage: '[options]',
  description: [
    'Draws labelled scenes that no training has seen and compares the kept queries with them: IoU of masks at LR size,',
    'and the share of instances whose phrase, texture and shape are named right, with all phrases to choose from.',
    'In the rows called unseen every object is a texture with a shape that training never shows together.',
  ].join('\n'),
  options: {
    scenes: { type: 'string', value: 'N', default: '64', help: 'scenes for each row' },
    size: { type: 'string', value: 'N', default: '128', help: 'side of the HR scenes in pixels' },
    weights: {
      type: 'string',
      value: 'FILE',
      default: shippedDistiller,
      help: 'weights made by seeclear train-distiller',
    },
    ...deviceOption,
  },
  positionals: [0, 0],
  async run({ values }, io) {
    const device = deviceOf(values);
    const scenes = integer('scenes', values.scenes, 1);
    const size = multiple('size', values.size, 32, 64, 4096);
    const weights = loadDistiller(values.weights);
    await withBackend(device, io, async (backend) => {
      const distiller = new SemanticDistiller(weights.network, weights.restore(backend));
      const progress = new Progress(io, 'scenes', 2 * scenes);
      const rows: DistillerRow[] = [];
      for (const combinations of ['seen', 'unseen'] as const) {
        const before = scenes * rows.length;
        const onPass = (done: number): void => {
          if (io.signal.aborted) throw new Interrupted(`interrupted after ${before + done} scenes`);
          progress.show(before + done);
        };
        rows.push(await evaluateDistiller(backend, distiller, { scenes, size, combinations, onPass }));
      }
      if (values.json) io.out(JSON.stringify({ rows, weights: weights.digest, device: backend.description }));
      else qualityTable(rows).forEach((line) => io.out(line));
    });
  },
});

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function qualityTable(rows: readonly DistillerRow[]): string[] {
  const lines = rows.flatMap((row) =>
    (['objects', 'grounds'] as const).map((what) => {
      const { instances, iou, phrase, texture, shape } = row[what];
      const shares = [phrase, texture, shape].map(percent);
      return [`${what}, ${row.combinations}`, String(instances), iou.toFixed(3), ...shares];
    }),
  );
  return alignColumns([['', 'instances', 'IoU', 'phrase', 'texture', 'shape'], ...lines]);
}
