import { expect } from 'chai';
import fc from 'fast-check';
import { binary } from '../../../src/kernels/binary.js';
import { cast } from '../../../src/kernels/cast.js';
import { clampForward } from '../../../src/kernels/clamp.js';
import { unaryBackward, unaryForward } from '../../../src/kernels/elementwise.js';
import {
  PlanningBackend,
  sizeOf,
  type Backend,
  type Kernel,
  type Shape,
  type Storage,
} from '../../../src/kernels/index.js';
import { lincomb } from '../../../src/kernels/lincomb.js';
import { reduceSum } from '../../../src/kernels/reduce.js';
import { seed, values } from '../../support/arbitraries.js';
import { onGpu } from '../../support/gpu.js';
import { gpuBackend } from '../../support/kernelLaw.js';

const SHAPE = [3, 4, 8];
const SIZE = sizeOf(SHAPE);

/** A kernel with its parameters, and how many inputs it has. */
interface Step {
  readonly name: string;
  readonly inputs: number;
  readonly run: (backend: Backend, xs: readonly Storage[]) => Storage;
}

const step = <P>(kernel: Kernel<P>, inputs: number, params: P): Step => ({
  name: kernel.name,
  inputs,
  run: (backend, xs) => backend.run(kernel, xs, Array<Shape>(inputs).fill(SHAPE), params),
});

const steps = [
  step(unaryForward.silu, 1, undefined),
  step(unaryForward.abs, 1, undefined),
  step(unaryBackward.gelu, 3, undefined),
  step(binary.add, 2, undefined),
  step(binary.mul, 2, undefined),
  step(lincomb, 2, { coefficients: [0.5, -0.3], bias: 0.1 }),
  step(lincomb, 4, { coefficients: [0.1, -0.2, 0.3, 0.4], bias: 0 }),
  step(clampForward, 1, { low: -1, high: 1.5 }),
];
/** x · b with a smaller b of this shape. */
const scaled = (shape: Shape): Step => {
  const key = {};
  const numbers = (): Float64Array => values(sizeOf(shape), sizeOf(shape));
  return {
    name: `mul [${shape.join()}]`,
    inputs: 1,
    run: (backend, [x]) =>
      backend.run(binary.mul, [x, backend.constant(key, numbers)], [SHAPE, shape], undefined),
  };
};
const spread = [[1], [8], [4, 8], [4, 1], [3, 1, 1], [3, 4, 1], [3, 1, 8]].map(scaled);
const inHalf = [step(cast, 1, { type: 'f16' }), step(cast, 1, { type: 'f32' })];

/** Which step comes next, and how far back each of its inputs was made. */
const plan = (choices: readonly Step[]): fc.Arbitrary<readonly [Step, readonly number[]][]> =>
  fc.array(fc.tuple(fc.constantFrom(...choices), fc.array(fc.nat(5), { minLength: 4, maxLength: 4 })), {
    minLength: 1,
    maxLength: 24,
  });

/** All that is made on the way, the inputs in front. */
function made(
  backend: Backend,
  inputs: readonly Storage[],
  planned: readonly [Step, readonly number[]][],
): Storage[] {
  const all = [...inputs];
  for (const [{ inputs, run }, back] of planned) {
    const xs = back.slice(0, inputs).map((far) => all[all.length - 1 - (far % all.length)]);
    const same = xs.every(({ type }) => type === xs[0].type);
    all.push(run(backend, same ? xs : xs.map(() => xs[0])));
  }
  return all;
}

/** Names of the launches of `body`, which keeps the storages that it returns. */
function launches(body: (backend: Backend, x: Storage) => Storage[]): string[] {
  const backend = new PlanningBackend();
  const x = backend.upload(new Float32Array(SIZE));
  backend.scope(
    () => body(backend, x),
    (kept) => kept,
  );
  return backend.takeCosts().map(({ kernel }) => kernel);
}

const silu = (backend: Backend, x: Storage): Storage => steps[0].run(backend, [x]);
const add = (backend: Backend, x: Storage, y: Storage): Storage => steps[3].run(backend, [x, y]);

describe('joined pointwise ops', () => {
  for (const [what, choices] of [
    ['f32', steps],
    ['f32, broadcasting', [...steps, ...spread]],
    ['f32 and f16', [...steps, ...inHalf]],
  ] as const)
    it(
      `change no bit of a result in ${what}`,
      onGpu((opened) =>
        fc.assert(
          fc.asyncProperty(plan(choices), seed, async (planned, s) => {
            if (choices.includes(inHalf[0]) && !opened.features.includes('shader-f16')) return;
            const backend = gpuBackend(opened);
            const inputs = [0, 1, 2].map((i) => backend.upload(values(s + i, SIZE)));
            const joined = backend.scope(
              () => made(backend, inputs, planned).slice(-1),
              (kept) => kept,
            );
            const apart = backend.scope(
              () => made(backend, inputs, planned).slice(3),
              (kept) => kept,
            );
            const [actual, expected] = [
              await backend.read(joined[0]),
              await backend.read(apart[apart.length - 1]),
            ];
            [...inputs, ...joined, ...apart].forEach((storage) => backend.free(storage));
            expect([...actual]).to.deep.equal([...expected]);
          }),
          { numRuns: 25 },
        ),
      ),
    );

  it('are one launch, also where what one makes goes two ways that meet again', () => {
    expect(launches((backend, x) => [silu(backend, silu(backend, x))])).to.deep.equal(['silu silu']);
    const diamond = (backend: Backend, x: Storage): Storage[] => {
      const y = silu(backend, x);
      return [add(backend, silu(backend, y), add(backend, y, x))];
    };
    expect(launches(diamond)).to.deep.equal(['silu add silu add']);
  });

  it('may repeat smaller inputs', () => {
    const [, byColumn, , byRow] = spread;
    const both = (backend: Backend, x: Storage): Storage => byRow.run(backend, [byColumn.run(backend, [x])]);
    expect(launches((backend, x) => [silu(backend, both(backend, x))])).to.deep.equal(['mul mul silu']);
  });

  it('are not joined where something between them is wanted', () => {
    const kept = (backend: Backend, x: Storage): Storage[] => {
      const y = silu(backend, x);
      return [y, silu(backend, y)];
    };
    expect(launches(kept)).to.deep.equal(['silu', 'silu']);
    const summed = (backend: Backend, x: Storage): Storage[] => {
      const y = silu(backend, x);
      const total = backend.run(reduceSum, [y], [[1, 1, SIZE, 1]], { chunk: SIZE });
      return [total, silu(backend, y)];
    };
    expect(launches(summed)).to.deep.equal(['silu', 'reduceSum', 'silu']);
  });

  it('bind no more inputs than every adapter allows', () => {
    const names = launches((backend) => {
      const xs = Array.from({ length: 12 }, () => backend.upload(new Float32Array(SIZE)));
      return [xs.reduce((sum, x) => add(backend, sum, x))];
    });
    expect(names).to.deep.equal([Array(6).fill('add').join(' '), Array(5).fill('add').join(' ')]);
  });
});
