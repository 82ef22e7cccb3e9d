import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { CpuBackend, grad, tensor, variable } from '../src/tensor/index.js';
import { median } from './harness.js';
import { cases, cotangentOf, inputsOf, type Case } from './peers/cases.js';
import { libraries, type Library, type Mode } from './peers/peer.js';
import { LibraryProcess } from './peers/process.js';
import { packageVersion } from './provenance.js';

/** One library on one case, in ms from the call to the end of the work on the device. */
export interface PeerTiming {
  readonly library: Library;
  /** of all rounds' medians the median */
  readonly median: number;
  /** median of each round */
  readonly rounds: readonly number[];
  /** the first call, compilation included */
  readonly first: number;
}

export interface PeerRow {
  readonly name: string;
  readonly op: Case['op'];
  readonly mode: Mode;
  readonly flops?: number;
  /** ours first */
  readonly timings: readonly PeerTiming[];
  /** time of the fastest other library as a multiple of ours: median of the rounds, and each round */
  readonly ratio: number;
  readonly ratios: readonly number[];
}

const FOLDER = 'bench/peers';

/**
 * How to get the other libraries. Without the variable, ONNX Runtime would download files for CUDA. `webgpu` is among
 * them only to replace the older one that gpu.js names, whose binary wants a newer libc than Debian 12 has.
 */
export const INSTALL = `ONNXRUNTIME_NODE_INSTALL=skip npm ci --prefix ${FOLDER}`;

/** The other libraries' packages and versions; undefined unless all are installed as `bench/peers/package.json` says. */
export function peerVersions(): Record<string, string> | undefined {
  const { dependencies } = JSON.parse(readFileSync(`${FOLDER}/package.json`, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const folder = (name: string): string => `${FOLDER}/node_modules/${name}`;
  const installed = Object.entries(dependencies).every(
    ([name, version]) => existsSync(folder(name)) && packageVersion(folder(name)) === version,
  );
  return installed ? dependencies : undefined;
}

/** Milliseconds that a library has in each round, more only for three runs. */
const TURN = 200;

/**
 * Runs all cases with our library and the others, each in a process of its own, of which one works at a time. Every
 * round asks each of them once, in an order that turns from round to round.
 *
 * @param wanted whether to run a case, by its name
 */
export async function comparePeers(options: {
  readonly rounds: number;
  readonly quick: boolean;
  readonly wanted: (name: string) => boolean;
  readonly report: (row: PeerRow) => void;
}): Promise<PeerRow[]> {
  const { rounds, quick, wanted, report } = options;
  const processes: LibraryProcess[] = [];
  for (const library of libraries) processes.push(await LibraryProcess.start(library));
  const rows: PeerRow[] = [];
  for (const one of cases(quick).filter(({ name }) => wanted(name))) {
    const expected = await definition(one);
    for (const mode of ['forward', 'both'] as const) {
      const row = await compare(processes, one, mode, expected, rounds, quick);
      rows.push(row);
      report(row);
    }
  }
  for (const process of processes) process.stop();
  return rows;
}

async function compare(
  processes: readonly LibraryProcess[],
  one: Case,
  mode: Mode,
  expected: readonly ArrayLike<number>[],
  rounds: number,
  quick: boolean,
): Promise<PeerRow> {
  const ready: { process: LibraryProcess; first: number; rounds: number[] }[] = [];
  for (const process of processes) {
    const answer = await process.ask({ ask: 'prepare', name: one.name, mode, quick });
    if (answer.answer !== 'prepared') continue;
    answer.results.forEach((numbers, i) => {
      expectNear(`${process.library}, ${one.name}, ${mode}, result ${i}`, numbers, expected[i]);
    });
    ready.push({ process, first: answer.first, rounds: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { process, rounds } of round % 2 === 0 ? ready : ready.toReversed()) {
      const answer = await process.ask({ ask: 'run', budget: quick ? 1 : TURN });
      if (answer.answer === 'ran') rounds.push(median(answer.samples));
    }
  }
  for (const { process } of ready) await process.ask({ ask: 'close' });
  const timings = ready.map(({ process: { library }, first, rounds }) => ({
    library,
    median: median(rounds),
    rounds,
    first,
  }));
  const [ours, ...others] = timings;
  const ratios = ours.rounds.map((ms, r) => Math.min(...others.map((other) => other.rounds[r])) / ms);
  const { name, op, flops } = one;
  return { name, op, mode, ...(flops !== undefined && { flops }), timings, ratio: median(ratios), ratios };
}

/** The result and the gradients by all inputs, in float64: our formulas on the CPU backend. */
async function definition(one: Case): Promise<ArrayLike<number>[]> {
  const backend = new CpuBackend();
  const leaves = inputsOf(one).map((values, i) => variable(tensor(backend, one.shapes[i], values)));
  const y = one.forward(...leaves);
  const grads = grad(y, leaves, tensor(backend, one.out, cotangentOf(one)));
  return Promise.all([y, ...grads].map((x) => x.read()));
}

/** Relative to the largest magnitude: f32 sums of a million terms, in any order, are nearer than that. */
const TOLERANCE = 1e-4;

function expectNear(what: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length, what).to.equal(expected.length);
  let [worst, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  expect(worst / largest, `${what}: largest error, relative to the largest magnitude`).to.be.at.most(
    TOLERANCE,
  );
}
