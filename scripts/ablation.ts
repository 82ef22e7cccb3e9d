/**
 * Trains and measures the variants of Table 2 at a small scale: each row with each seed, by the commands of the product,
 * and a table of what came out beside the paper's.
 *
 *   npx tsx scripts/ablation.ts --out runs/ablation --steps 300,60,60 [--rows 2.1,2.7] [--seeds 1,2,3] [--parallel 2]
 *     [--train='--preset tiny --crop 64 --batch 1'] [--eval='--procedural 6 --size 64 --most 10']
 *
 * A variant without CaTeGory takes all its steps in the first stage. What has been measured is not measured again.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { table2 } from '../src/audit/paperTables.js';
import { type Ablation, ablations, modelSpec } from '../src/train/index.js';

const run = promisify(execFile);

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'runs/ablation' },
    rows: { type: 'string', default: '2.1,2.2,2.3,2.4,2.5,2.6,2.7' },
    seeds: { type: 'string', default: '1,2,3' },
    steps: { type: 'string', default: '300,60,60' },
    parallel: { type: 'string', default: '1' },
    train: { type: 'string', default: '--preset tiny --crop 64 --batch 1' },
    eval: { type: 'string', default: '--procedural 6 --size 64 --most 10' },
  },
});

/** PSNR in dB and SSIM on luma, and the temporal difference error. */
interface Measured {
  readonly psnr: number;
  readonly ssim: number;
  readonly tdE: number;
}

interface Result {
  readonly row: string;
  readonly seed: number;
  readonly ours: Measured;
  readonly bicubic: Measured;
  readonly device: string;
}

/** What `seeclear eval --json` says of the mean of the videos. */
interface Evaluation {
  readonly mean: Record<
    'ours' | 'bicubic',
    { readonly y: { readonly psnr: number; readonly ssim: number }; readonly tdE: number }
  >;
  readonly device: string;
}

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

async function seeclear(...args: string[]): Promise<string> {
  const { stdout } = await run('node', ['dist/cli/main.js', ...args], { maxBuffer: 2 ** 26 });
  return stdout;
}

async function measured({ name, overrides }: Ablation, seed: number): Promise<Result> {
  const folder = join(values.out, `${name}-seed${seed}`);
  const file = join(folder, 'result.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Result;
  mkdirSync(folder, { recursive: true });
  const stages = values.steps.split(',').map(Number);
  const { category } = modelSpec('tiny', overrides).network.components;
  const steps = category ? values.steps : String(stages.reduce((a, b) => a + b, 0));
  const sets = overrides.flatMap((override) => ['--set', override]);
  await seeclear(
    'train',
    '--out',
    folder,
    '--steps',
    steps,
    '--seed',
    String(seed),
    '--validate-every',
    '0',
    ...sets,
    ...words(values.train),
  );
  const weights = join(folder, 'weights.safetensors');
  const text = await seeclear('eval', '--json', '--weights', weights, ...words(values.eval));
  const { mean, device } = JSON.parse(text) as Evaluation;
  const of = (who: 'ours' | 'bicubic'): Measured => ({
    psnr: mean[who].y.psnr,
    ssim: mean[who].y.ssim,
    tdE: mean[who].tdE,
  });
  const result: Result = { row: name, seed, ours: of('ours'), bicubic: of('bicubic'), device };
  writeFileSync(file, `${JSON.stringify(result)}\n`);
  console.error(`${name}, seed ${seed}: ${result.ours.psnr.toFixed(3)} dB`);
  return result;
}

const rows = values.rows.split(',').map((name) => {
  const found = ablations.find((ablation) => ablation.name === name);
  if (!found)
    throw new RangeError(`--rows: expected some of ${ablations.map((a) => a.name).join()}, got ${name}`);
  return found;
});
const jobs = values.seeds.split(',').flatMap((seed) => rows.map((row) => () => measured(row, Number(seed))));
const results: Result[] = [];
const workers = Array.from({ length: Number(values.parallel) }, async () => {
  for (let job = jobs.shift(); job; job = jobs.shift()) results.push(await job());
});
await Promise.all(workers);

/** Mean and standard deviation over the seeds. */
function overSeeds(of: readonly number[], digits: number): string {
  const mean = of.reduce((a, b) => a + b, 0) / of.length;
  const variance = of.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, of.length - 1);
  return `${mean.toFixed(digits)} ± ${Math.sqrt(variance).toFixed(digits)}`;
}

console.log('| row | variant | PSNR Y | SSIM Y | tdE | paper: PSNR / SSIM / LPIPS |');
console.log('| --- | ------- | ------ | ------ | --- | -------------------------- |');
const [{ bicubic }] = results;
console.log(
  `| | bicubic | ${bicubic.psnr.toFixed(3)} | ${bicubic.ssim.toFixed(4)} | ${bicubic.tdE.toFixed(3)} | |`,
);
for (const { name, what } of rows) {
  const mine = results.filter(({ row }) => row === name);
  const column = (key: keyof Measured, digits: number): string =>
    overSeeds(
      mine.map(({ ours }) => ours[key]),
      digits,
    );
  const paper = name.startsWith('2.') ? table2[Number(name.slice(2)) - 1].join(' / ') : '';
  console.log(
    `| ${name} | ${what} | ${column('psnr', 3)} | ${column('ssim', 4)} | ${column('tdE', 3)} | ${paper} |`,
  );
}
writeFileSync(join(values.out, 'results.json'), `${JSON.stringify({ ...values, results }, null, 2)}\n`);
