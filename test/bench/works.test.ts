import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { smaller } from '../../bench/smaller.js';
import { works } from '../../bench/works.js';
import { sizeOf, type Kernel, type Shape } from '../../src/kernels/index.js';

const isKernel = (x: unknown): x is Kernel =>
  typeof x === 'object' && x !== null && 'reference' in x && 'launch' in x;

/** The names of all kernels that files of src/kernels export, alone or in tables. */
async function kernelNames(): Promise<string[]> {
  const names: string[] = [];
  for (const file of readdirSync('src/kernels').filter((name) => name.endsWith('.ts'))) {
    const exported = (await import(`../../src/kernels/${file}`)) as Record<string, unknown>;
    const values = Object.values(exported).flatMap((x): unknown[] =>
      typeof x === 'object' && x !== null && !isKernel(x) ? Object.values(x) : [x],
    );
    names.push(...values.filter(isKernel).map(({ name }) => name));
  }
  return [...new Set(names)];
}

describe('the kernels that npm run bench times', () => {
  it('are all there are', async () => {
    const timed = new Set(works(1, 8).map(({ kernel }) => kernel.name));
    const names = await kernelNames();
    expect(names.length).to.be.greaterThan(40);
    for (const name of names) expect(timed.has(name), `${name} in bench/works.ts`).to.equal(true);
  });

  it('are checked in the variant that is timed', () => {
    for (const traits of [
      { subgroupSize: 8, software: true },
      { subgroupSize: 0, software: true },
      { subgroupSize: 8, software: false },
    ])
      for (const { name, kernel, shapes, params } of works(10, 32)) {
        const variant = (shapes: readonly Shape[], params: unknown): string => {
          const { wgsl, constants } = kernel.launch(shapes, params, traits);
          return JSON.stringify([wgsl, constants]);
        };
        const checked = smaller(kernel, shapes, params, traits);
        expect(variant(checked.shapes, checked.params), name).to.equal(variant(shapes, params));
        const outputs = sizeOf(kernel.outShape(checked.shapes, checked.params));
        if (/^(matmul|conv2d)/.test(kernel.name))
          expect(outputs, `outputs of ${name}`).to.be.at.most(150_000);
      }
  });
});
