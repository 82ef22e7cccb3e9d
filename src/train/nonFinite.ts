/** Where in a step of training the first number arose that is none. */
import {
  type Backend,
  free,
  leaves,
  mapTree,
  type Result,
  showShape,
  type Shape,
  sizeOf,
  Tensor,
  type Values,
  WatchedBackend,
} from '../tensor/index.js';
import type { Batch } from './batch.js';
import { DivergenceError } from './divergenceError.js';
import type { Model } from './model.js';
import type { TrainState } from './trainState.js';
import { type StepOptions, type StepWatch, trainStep } from './trainStep.js';

/** The first tensor of a step with an element that is NaN or infinite. */
export interface NonFinite {
  /** What made it: a kernel, `upload` for what came from the host, `state` for what was so before the step. */
  readonly made: string;
  /** Its name, if it is a part of the state: `params.decoder.0.conv1.weight`. */
  readonly name?: string;
  readonly shape: Shape;
  /** Part of the step; `backward of silu` is the vjp of that op. */
  readonly during: string;
  /** Path of the parameters that it was computed with, or else of those that its inputs were. */
  readonly module?: string;
  /** The next line of Algorithm 1 that shows a result, and its symbol: `14 f_0`. Of the forward pass. */
  readonly before?: string;
  /** Number of the first such element, and what it is: NaN, Infinity or -Infinity. */
  readonly element: number;
  readonly value: string;
  /** how many elements are so */
  readonly elements: number;
}

/** Results that are read in one repetition of the step: their bytes, and how many. */
const MOST_BYTES = 2 ** 26;
const MOST_READ = 1024;

/**
 * Repeats a step that did not end in numbers, as often as it takes to read all results, some of them each time, until
 * the first is found that is not finite. Tested on the host, for a driver may take x ≠ x for false.
 *
 * @param state before the step; it stays, unless the step ends in numbers this time
 * @returns undefined if it does: the device does not repeat itself
 * @throws DeviceError
 */
export async function firstNonFinite(
  model: Model,
  backend: Backend,
  state: TrainState,
  batch: Batch,
  options: StepOptions,
): Promise<NonFinite | undefined> {
  for (const [name, leaf] of leaves(state)) {
    const found = spoiled(await leaf.read());
    if (found) return { made: 'state', name, shape: leaf.shape, during: 'the steps before', ...found };
  }
  let [from, fails] = [0, true];
  while (fails) {
    const repeated = await repetition(model, backend, state, batch, options, from);
    if (repeated.found) return repeated.found;
    fails = repeated.fails && repeated.read > 0;
    from += repeated.read;
  }
  return undefined;
}

/** One line about it. */
export function showNonFinite({ name, made, shape, module, during, before, ...at }: NonFinite): string {
  const what = name ?? `${made}${module === undefined ? '' : ` in ${module}`}`;
  const line = before === undefined ? '' : `, on the way to line ${before}`;
  return `first not finite: ${what}, ${showShape(shape)}, ${during}${line}: element ${at.element} is ${at.value}, ${at.elements} of ${sizeOf(shape)} are not finite`;
}

/** Repeats the step and reads its results from number `from` on, as many as may be read at once. */
async function repetition(
  model: Model,
  backend: Backend,
  state: TrainState,
  batch: Batch,
  options: StepOptions,
  from: number,
): Promise<{ found: NonFinite | undefined; read: number; fails: boolean }> {
  const place = new Place(state);
  const reads: Promise<Omit<NonFinite, 'before'> | undefined>[] = [];
  let [count, bytes] = [0, 0];
  const watched = new WatchedBackend(backend, (result) => {
    const at = place.of(result);
    const number = count++;
    bytes += number < from ? 0 : 4 * result.storage.size;
    if (number === from || (number > from && bytes <= MOST_BYTES && reads.length < MOST_READ))
      reads.push(
        backend.read(result.storage).then((values) => {
          const found = spoiled(values);
          return found && { made: result.made, shape: result.shape, ...at, ...found };
        }),
      );
  });
  const again = mapTree(state, ({ shape, storage }) => new Tensor(watched, shape, storage));
  const step = trainStep(model, watched, again, batch, options, place).then(
    ({ state: next }) => next,
    (error: unknown) => {
      if (!(error instanceof DivergenceError)) throw error;
    },
  );
  const all = await Promise.all(reads);
  const next = await step;
  if (next) free(next);
  const first = all.findIndex((found) => found !== undefined);
  const found = all[first];
  const before = found?.during === 'forward' ? place.lineAfter(from + first) : undefined;
  return { found: found && { ...found, ...(before && { before }) }, read: reads.length, fails: !next };
}

/** Knows where in a step each result is made. */
class Place implements StepWatch {
  /** Results so far. */
  private count = 0;
  private during = 'forward';
  /** The module whose parameters the vjp is about. */
  private about: string | undefined;
  /** Module of a result, and its number. */
  private readonly modules = new Map<object, { module: string; number: number }>();
  private readonly lines: { line: string; number: number }[] = [];

  constructor({ params, distiller }: TrainState) {
    this.taken({ ...params, ...(distiller && { distiller }) });
  }

  taken(params: object): void {
    for (const [path, { storage }] of leaves(params))
      this.modules.set(storage, { module: path.slice(0, path.lastIndexOf('.')), number: Infinity });
  }

  /** Where a result is made that comes now. */
  of({ inputs, storage }: Result): Pick<NonFinite, 'during' | 'module'> {
    const number = this.count++;
    const nearest = inputs
      .flatMap((input) => this.modules.get(input) ?? [])
      .reduce<{ module: string; number: number } | undefined>(
        (best, one) => (best && best.number >= one.number ? best : one),
        undefined,
      );
    const module = this.about ?? nearest?.module;
    if (module !== undefined) this.modules.set(storage, { module, number });
    return { during: this.during, ...(module !== undefined && { module }) };
  }

  readonly observe: StepWatch['observe'] = (line, symbol) => {
    this.lines.push({ line: `${line} ${symbol}`, number: this.count });
  };

  forward(): void {
    this.during = 'forward';
    this.about = undefined;
  }

  vjp({ node, storage }: Tensor): void {
    this.during = `backward of ${node && node !== 'leaf' ? node.op : 'the loss'}`;
    this.about = this.modules.get(storage)?.module;
  }

  update(): void {
    this.during = 'update';
    this.about = undefined;
  }

  /** The first line that was shown after the result with this number. */
  lineAfter(number: number): string | undefined {
    return this.lines.find((shown) => shown.number > number)?.line;
  }
}

/** The first element that is not finite, and how many are so; undefined if all are numbers. */
function spoiled(values: Values): Pick<NonFinite, 'element' | 'value' | 'elements'> | undefined {
  const element = values.findIndex((v) => !Number.isFinite(v));
  if (element < 0) return undefined;
  let elements = 0;
  for (const v of values) if (!Number.isFinite(v)) elements++;
  return { element, value: String(values[element]), elements };
}
