/**
 * The mean of weight files of one model, in 16 bits. Of weights that were trained from the same ones it often does better
 * than each of them (Wortsman et al., Robust fine-tuning of zero-shot models, CVPR 2022).
 *
 *     npx tsx scripts/averageWeights.ts --out MEAN.safetensors A.safetensors B.safetensors ...
 */
import { parseArgs } from 'node:util';
import { KIND } from '../src/train/checkpoint.js';
import { loadWeights } from '../src/train/index.js';
import type { StoredTensor } from '../src/train/safetensors.js';
import { readSealed, writeSealed } from '../src/train/sealedFile.js';

const { values, positionals: paths } = parseArgs({
  options: { out: { type: 'string' } },
  allowPositionals: true,
});
if (values.out === undefined || paths.length < 2)
  throw new Error(`expected --out FILE and two files of weights or more, got ${paths.length}`);

const models = new Set(paths.map((path) => JSON.stringify(loadWeights(path).model)));
if (models.size > 1)
  throw new Error(`expected weights of one model, got ${models.size}: ${paths.join(', ')}`);

const files = paths.map(readSealed);
const [{ tensors, metadata }] = files;
const mean = (name: string, { shape, values }: StoredTensor): StoredTensor => ({
  dtype: 'F16',
  shape,
  values: values.map(
    (_, i) => files.reduce((sum, file) => sum + file.tensors.get(name)!.values[i], 0) / files.length,
  ),
});
writeSealed(values.out, {
  tensors: new Map([...tensors].map(([name, array]) => [name, mean(name, array)])),
  metadata: {
    [KIND]: metadata[KIND],
    model: metadata.model,
    'mean of': files.map(({ digest }) => digest).join(' '),
  },
});
