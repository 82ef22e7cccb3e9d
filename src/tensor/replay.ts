import type { Backend, Recording, Storage } from '../kernels/index.js';
import { scope } from './scope.js';
import { Tensor } from './tensor.js';
import { leaves, mapTree } from './tree.js';

/** A recording, with the form of what it takes and of what it gives. */
interface Take<O> {
  readonly form: string;
  readonly recording: Recording;
  readonly result: O;
}

/** Most recordings of one function; the one that has not been replayed for longest makes room. */
const MOST_TAKES = 4;

/**
 * A function of trees of tensors whose work is recorded when it is first called, and replayed whenever it is called
 * with tensors of the same shapes again: bit for bit what `f` gives, without running `f`. Each form of inputs has a
 * recording of its own.
 *
 * What `f` gives must follow from the tensors that it is given, from the numbers, strings and flags beside them, which
 * are part of the form, and from what never changes. It must not read, and nothing that it gives has a history.
 * Where a backend gains nothing by recordings, `f` is run, inside a scope.
 */
export class Replay<I extends object, O extends object> {
  private takes: Take<O>[] = [];

  constructor(
    private readonly backend: Backend,
    private readonly f: (inputs: I) => O,
  ) {}

  /** f(inputs) */
  run(inputs: I): O {
    const form = formOf(inputs);
    const storages = storagesOf(inputs);
    for (const take of this.takes) {
      if (take.form !== form) continue;
      const outputs = take.recording.replay(storages);
      if (!outputs) continue;
      this.takes = [take, ...this.takes.filter((other) => other !== take)];
      return this.filled(take.result, outputs);
    }
    const take = this.record(form, inputs, storages);
    if (!take) return scope(this.backend, () => this.f(inputs));
    this.takes.unshift(take);
    this.takes.splice(MOST_TAKES).forEach(({ recording }) => {
      recording.free();
    });
    return this.filled(take.result, take.recording.replay(storages)!);
  }

  private record(form: string, inputs: I, storages: readonly Storage[]): Take<O> | undefined {
    let result: O | undefined;
    const recording = this.backend.record(storages, () => storagesOf((result = this.f(inputs))));
    return recording && result && { form, recording, result };
  }

  private filled(result: O, storages: readonly Storage[]): O {
    let i = 0;
    return mapTree(result, ({ shape }) => new Tensor(this.backend, shape, storages[i++]));
  }
}

const storagesOf = (tree: object): Storage[] => leaves(tree).map(([, { storage }]) => storage);

/** A tree with shapes in place of its tensors. */
const formOf = (tree: object): string =>
  JSON.stringify(tree, (_, value: unknown) => (value instanceof Tensor ? value.shape : value));
