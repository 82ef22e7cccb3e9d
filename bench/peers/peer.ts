import type { Shape } from '../../src/tensor/index.js';
import type { OpName } from './cases.js';

/** `forward`: the result. `both`: the result, then the gradients by all inputs. */
export type Mode = 'forward' | 'both';

/** What a library is told of a case. */
export interface Task {
  readonly op: OpName;
  readonly mode: Mode;
  readonly shapes: readonly Shape[];
  /** Shape of the result. */
  readonly out: Shape;
  readonly inputs: readonly Float32Array[];
  /** ∂L/∂y, for `both`. */
  readonly cotangent: Float32Array;
}

/** A case with its inputs on the device. */
export interface Prepared<A = unknown> {
  /** Asks for the result; need not wait for it. */
  run(): A | Promise<A>;
  /** The numbers, row-major: the result, then the gradients by all inputs. */
  read(results: A): Promise<readonly Float32Array[]>;
  /** Gives back what a run has made. */
  free(results: A): void;
  /** Gives back the inputs. */
  close(): void;
}

/** A library under measurement, on a device of its own in a process of its own. */
export interface Peer {
  /** Puts the inputs on the device; undefined for what the library cannot do. */
  prepare(task: Task): Promise<Prepared | undefined>;
  /** Waits until the device has done all that was asked for. */
  wait(results: unknown): Promise<void>;
}

/** What `open` of each adapter file gets. */
export interface Surroundings {
  /** What a browser has as `navigator.gpu`, for the device that is measured. */
  readonly gpu: GPU;
  /** Waits for a promise as our library does, so that a driver on the CPU keeps its cores. */
  readonly settle: <T>(promise: Promise<T>) => Promise<T>;
  /** Waits until all devices made through `gpu` have done all that was submitted. */
  readonly submitted: () => Promise<void>;
}

/** All that are measured, ours first; a file of each name lies here. */
export const libraries = ['ours', 'tfjs', 'jax', 'onnxruntime', 'gpujs'] as const;

export type Library = (typeof libraries)[number];
