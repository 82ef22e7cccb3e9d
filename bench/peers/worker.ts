/** The process of one library: answers the questions of messages.ts until its parent is gone. */
import { milliseconds } from '../harness.js';
import { cases, cotangentOf, inputsOf } from './cases.js';
import type { Answer, Question } from './messages.js';
import type { Peer, Prepared, Surroundings } from './peer.js';
import { surroundings } from './surroundings.js';

const LEAST_RUNS = 3;
const MOST_RUNS = 50;

const library = process.argv[2];
const say = (answer: Answer): void => void process.send!(answer);

let peer: Peer;
let prepared: Prepared | undefined;

/** One run, from the call to the end of the work on the device. */
async function run(): Promise<unknown> {
  const results = await prepared!.run();
  await peer.wait(results);
  return results;
}

async function prepare({ name, mode, quick }: Question & { ask: 'prepare' }): Promise<Answer> {
  const chosen = cases(quick).find((c) => c.name === name)!;
  const { op, shapes, out } = chosen;
  const [inputs, cotangent] = [inputsOf(chosen), cotangentOf(chosen)];
  prepared = await peer.prepare({ op, mode, shapes, out, inputs, cotangent });
  if (!prepared) return { answer: 'unsupported' };
  let results: unknown;
  const first = await milliseconds(async () => {
    results = await run();
  });
  const numbers = await prepared.read(results);
  prepared.free(results);
  return { answer: 'prepared', first, results: numbers };
}

async function measure(budget: number): Promise<Answer> {
  const once = async (): Promise<number> => {
    let results: unknown;
    const ms = await milliseconds(async () => {
      results = await run();
    });
    prepared!.free(results);
    return ms;
  };
  await once(); // not counted: others had the machine before
  const samples: number[] = [];
  const end = performance.now() + budget;
  while (samples.length < LEAST_RUNS || (samples.length < MOST_RUNS && performance.now() < end))
    samples.push(await once());
  return { answer: 'ran', samples };
}

async function respond(question: Question): Promise<Answer> {
  if (question.ask === 'prepare') return prepare(question);
  if (question.ask === 'run') return measure(question.budget);
  prepared?.close();
  prepared = undefined;
  return { answer: 'closed' };
}

const failed = (error: unknown): Answer => ({
  answer: 'failed',
  message: (error instanceof Error ? error.message : String(error)).split('\n')[0],
});

process.on('disconnect', () => process.exit(0));
process.on('message', (question: Question) => {
  respond(question).then(say, (error: unknown) => {
    say(failed(error));
  });
});
try {
  const around = await surroundings(); // before the import: some libraries look for navigator.gpu there
  const { open } = (await import(library === 'ours' ? './ours.js' : `./${library}.mjs`)) as {
    open: (around: Surroundings) => Peer | Promise<Peer>;
  };
  peer = await open(around);
  say({ answer: 'ready' });
} catch (error) {
  say(failed(error));
}
