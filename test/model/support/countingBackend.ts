import type { Kernel } from '../../../src/kernels/index.js';
import { sizeOf, type Backend, type Shape, type Values } from '../../../src/tensor/index.js';

type Storage = ReturnType<Backend['upload']>;

/** A backend that computes nothing: it follows shapes, and counts kernel runs and multiply-adds. */
export class CountingBackend implements Backend {
  readonly kind = 'cpu';
  readonly description = 'counts what would be computed';
  readonly half = false;
  readonly largestTensor = Infinity;
  runs = 0;
  /** Elements of the largest result of a kernel. */
  largest = 0;
  /** As kernels state them; elementwise work is not counted. */
  multiplyAdds = 0;

  upload({ length }: ArrayLike<number>): Storage {
    return { size: length, type: 'f32' };
  }

  constant(_key: object, values: () => ArrayLike<number>): Storage {
    return this.upload(values());
  }

  run<P>(kernel: Kernel<P>, _inputs: readonly Storage[], shapes: readonly Shape[], params: P): Storage {
    const size = sizeOf(kernel.outShape(shapes, params));
    this.runs++;
    this.largest = Math.max(this.largest, size);
    this.multiplyAdds += kernel.multiplyAdds?.(shapes, params) ?? 0;
    return { size, type: 'f32' };
  }

  part(_storage: Storage, _offset: number, size: number): Storage {
    return { size, type: 'f32' };
  }

  whole(): undefined {
    return undefined;
  }

  read({ size }: Storage): Promise<Values> {
    return Promise.resolve(new Float64Array(size));
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  scope<T>(body: () => T): T {
    return body();
  }

  free(): void {
    // holds nothing
  }

  record(): undefined {
    return undefined;
  }

  memory(): { tensors: number; bytes: number; reserved: number } {
    return { tensors: 0, bytes: 0, reserved: 0 };
  }

  close(): void {
    // holds nothing
  }
}
