import { expect } from 'chai';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CpuBackend } from '../../src/tensor/index.js';
import {
  checkpointFile,
  CheckpointError,
  hasCheckpoint,
  loadCheckpoint,
  makeModel,
  newestCheckpoint,
  previousCheckpoint,
  saveCheckpoint,
  trainState,
  type TrainState,
} from '../../src/train/index.js';
import { sweep } from '../../src/train/keptCheckpoints.js';
import { killedAt } from './support/dyingDisk.js';
import { leastModel } from './support/leastModel.js';
import { leastRun } from './support/leastRun.js';

const stage = { steps: 3, lr: 1e-3, lrEnd: 1e-5 };
const model = leastModel('components.category=false', 'components.semantic=false', 'components.incam=false');
const config = leastRun({ condenser: stage, memory: stage, joint: stage }, { model });

describe('the last two checkpoints', () => {
  let root: string;
  const backend = new CpuBackend();
  const stateAt = (step: number): TrainState => ({
    ...trainState(makeModel(config.model).draw(backend, step)),
    step,
  });
  const save = (path: string, step: number): Promise<void> => saveCheckpoint(path, config, stateAt(step));
  const contents = new Map<number, Buffer>();
  /** A folder with the checkpoints of steps 1 and 2. */
  const folder = (name: string): string => {
    const path = join(root, name);
    cpSync(join(root, 'two'), path, { recursive: true });
    return path;
  };
  const stepAt = (path: string): number => newestCheckpoint(path, loadCheckpoint).checkpoint.step;
  const files = (path: string): string[] => readdirSync(path).sort();
  const BOTH = ['checkpoint.previous.safetensors', 'checkpoint.safetensors'];

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'kept-'));
    for (const step of [1, 2, 3]) {
      const path = join(root, 'each', String(step));
      await save(path, step);
      contents.set(step, readFileSync(path));
    }
    const two = checkpointFile(join(root, 'two'));
    expect(hasCheckpoint(dirname(two))).to.equal(false);
    await save(two, 1);
    await save(two, 2);
  });
  after(() => rmSync(root, { recursive: true }));

  it('are kept, and no others', async () => {
    const path = folder('third');
    await save(checkpointFile(path), 3);
    expect(files(path)).to.deep.equal(BOTH);
    expect(readFileSync(checkpointFile(path))).to.deep.equal(contents.get(3));
    expect(readFileSync(previousCheckpoint(checkpointFile(path)))).to.deep.equal(contents.get(2));
  });

  it('reach the disk before they take their names, one after the other', async () => {
    const path = folder('order');
    const last = checkpointFile(path);
    const happened = await killedAt(Infinity, () => save(last, 3));
    const temporary = happened[1][1]!;
    expect(temporary.startsWith(last) && temporary.endsWith('.tmp')).to.equal(true);
    const whole = [['fsyncSync'], ['closeSync']];
    expect(happened).to.deep.equal([
      ['mkdirSync', path],
      ['openSync', temporary], ['writeSync'], ...whole,
      ['renameSync', previousCheckpoint(last)], ['openSync', path], ...whole,
      ['renameSync', last], ['openSync', path], ...whole,
    ]); // prettier-ignore
  });

  it('are there, the old one or the new one bit for bit, whenever the process is killed; then all goes on', async () => {
    const calls = (await killedAt(Infinity, () => save(checkpointFile(folder('alive')), 3))).length;
    const found: number[] = [];
    for (let k = 1; k <= calls; k++) {
      const path = folder(`killed-${k}`);
      await killedAt(k, () => save(checkpointFile(path), 3));
      const newest = newestCheckpoint(path, loadCheckpoint);
      expect(newest.damage, `killed at call ${k}`).to.equal(undefined);
      const { step } = newest.checkpoint;
      expect(readFileSync(newest.path), `killed at call ${k}`).to.deep.equal(contents.get(step));
      found.push(step);
      sweep(path);
      await save(checkpointFile(path), 3);
      expect(files(path)).to.deep.equal(BOTH);
      expect(stepAt(path)).to.equal(3);
    }
    expect(new Set(found)).to.deep.equal(new Set([2, 3]));
    expect(found).to.deep.equal([...found].sort());
  });

  it('stand in for each other: a damaged one is passed over, said and moved away', async () => {
    for (const [name, damage] of [
      ['torn', (path: string) => truncateSync(path, 1000)],
      ['empty', (path: string) => truncateSync(path, 0)],
      [
        'turned',
        (path: string) => {
          const bytes = readFileSync(path);
          bytes[bytes.length - 100] ^= 1;
          writeFileSync(path, bytes);
        },
      ],
    ] as const) {
      // prettier-ignore
      const path = folder(name);
      damage(checkpointFile(path));
      const newest = newestCheckpoint(path, loadCheckpoint);
      expect([newest.checkpoint.step, newest.path]).to.deep.equal([
        1,
        previousCheckpoint(checkpointFile(path)),
      ]);
      expect(newest.damage).to.match(/^\S+checkpoint\.safetensors: .*; moved to \S+damaged\.safetensors$/);
      expect(stepAt(path)).to.equal(1);
      await save(checkpointFile(path), 3);
      expect(files(path)).to.deep.equal(['checkpoint.damaged.safetensors', ...BOTH]);
      expect(loadCheckpoint(previousCheckpoint(checkpointFile(path))).step).to.equal(1);
    }
  });

  it('that are both damaged, or missing, cannot be gone on from: the error is about the last one', () => {
    const path = folder('both');
    for (const file of [checkpointFile(path), previousCheckpoint(checkpointFile(path))])
      truncateSync(file, 9);
    expect(() => newestCheckpoint(path, loadCheckpoint)).to.throw(CheckpointError, /previous/);
    mkdirSync(join(root, 'none'));
    expect(() => newestCheckpoint(join(root, 'none'), loadCheckpoint)).to.throw(CheckpointError, /ENOENT/);
    expect(existsSync(checkpointFile(path))).to.equal(true);
  });
});
