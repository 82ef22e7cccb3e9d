import {
  ShapeError,
  sizeOf,
  type Backend,
  type ElementType,
  type Shape,
  type Storage,
  type Values,
} from '../kernels/index.js';

/** A cotangent of a tensor that was cut: zeros but for the elements from `start` on along `axis`. */
export interface Slab {
  readonly part: Tensor;
  readonly axis: number;
  readonly start: number;
  /** Of the tensor, zeros included. */
  readonly shape: Shape;
}

export type Cotangent = Tensor | Slab;

/** How a tensor came about: what the reverse walk needs. */
export interface Node {
  readonly op: string;
  readonly inputs: readonly Tensor[];
  /** Cotangent of the output → cotangents of the inputs, `undefined` where none is wanted. */
  readonly vjp: (g: Tensor) => readonly (Cotangent | undefined)[];
}

/** An array of numbers that lives on a backend. Immutable. */
export class Tensor {
  /**
   * @param node how it was computed, if a gradient may be asked for; `'leaf'` marks a variable
   * @throws ShapeError if shape and storage disagree
   */
  constructor(
    readonly backend: Backend,
    readonly shape: Shape,
    readonly storage: Storage,
    readonly node?: Node | 'leaf',
  ) {
    if (sizeOf(shape) !== storage.size) throw new ShapeError('Tensor', `${storage.size} elements`, shape);
  }

  /** How a device stores the elements. */
  get type(): ElementType {
    return this.storage.type;
  }

  /** The elements, row-major. The only way from the device to the host. */
  read(): Promise<Values> {
    return this.backend.read(this.storage);
  }

  /** The value of a tensor of one element. */
  async item(): Promise<number> {
    if (this.storage.size !== 1) throw new ShapeError('Tensor.item', 'one element', this.shape);
    return (await this.read())[0];
  }
}

/** Numbers from the host as a tensor on `backend`, row-major. */
export function tensor(backend: Backend, shape: Shape, values: ArrayLike<number>): Tensor {
  if (values.length !== sizeOf(shape)) throw new ShapeError('tensor', `${values.length} elements`, shape);
  return new Tensor(backend, shape, backend.upload(values));
}

/** A tensor of one value everywhere. */
export const full = (backend: Backend, shape: Shape, value: number): Tensor =>
  tensor(backend, shape, new Float64Array(sizeOf(shape)).fill(value));

/** The same elements as a variable: `grad` may be asked for them, and ops on them are recorded. */
export const variable = (x: Tensor): Tensor => new Tensor(x.backend, x.shape, x.storage, 'leaf');

/** The same elements without a history: no gradient flows through. */
export const detach = (x: Tensor): Tensor => new Tensor(x.backend, x.shape, x.storage);

/** The same elements under another shape of as many: no copy, nothing recorded, unlike `reshape`. */
export const viewed = ({ backend, storage }: Tensor, shape: Shape): Tensor =>
  new Tensor(backend, shape, storage);

/** The elements of a flat tensor from `offset` on, where they lie: no copy, nothing recorded. `Backend.part` has the rules. */
export const view = ({ backend, storage }: Tensor, offset: number, shape: Shape): Tensor =>
  new Tensor(backend, shape, backend.part(storage, offset, sizeOf(shape)));
