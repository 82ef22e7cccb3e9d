/** What PyTorch makes of our blocks' weights and inputs (scripts/oracle), and the comparison with what we make. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { Initialiser } from '../../src/model/initialiser.js';
import {
  add,
  CpuBackend,
  grad,
  leaves,
  mul,
  sum,
  tensor,
  variables,
  type Tensor,
} from '../../src/tensor/index.js';
import { decodeSafetensors, type StoredTensor } from '../../src/train/safetensors.js';
import { restoreTree } from '../../src/train/storedTree.js';

type Named = Readonly<Record<string, Tensor>>;

/** A block's configuration, and all arrays of one case, by the names that scripts/oracle/fixture.py explains. */
export interface OracleCase<C> {
  readonly title: string;
  readonly config: C;
  readonly arrays: ReadonlyMap<string, StoredTensor>;
}

/** Relative to the greatest magnitude in an array. */
const TOLERANCE = 1e-12;

const backend = new CpuBackend();

/** The cases of test/fixtures/oracle/<name>.safetensors. */
export function oracleCases<C>(name: string): OracleCase<C>[] {
  const bytes = readFileSync(new URL(`../fixtures/oracle/${name}.safetensors`, import.meta.url));
  const { tensors: arrays, metadata } = decodeSafetensors(bytes, name);
  return Object.entries(metadata).map(([title, config]) => ({
    title,
    config: JSON.parse(config!) as C,
    arrays,
  }));
}

/** One of them. @throws Error if there is none of this title */
export function oracleCase<C>(name: string, title: string): OracleCase<C> {
  const found = oracleCases<C>(name).find((golden) => golden.title === title);
  if (!found) throw new Error(`${name}.safetensors: no case "${title}"`);
  return found;
}

/**
 * Asserts that a block agrees with PyTorch in float64: its outputs, and the gradients of Σ ⟨cotangent, output⟩ by
 * every input and parameter. The two parameter trees must have the same paths and shapes.
 *
 * @param init a tree of the block's parameters; its values are replaced
 */
export async function expectOracle<C, P extends object>(
  { title, config, arrays }: OracleCase<C>,
  init: (config: C, init: Initialiser) => P,
  forward: (params: P, inputs: Named) => Named,
): Promise<void> {
  const under = (prefix: string): Named => tensorsUnder(arrays, `${title}/${prefix}/`);
  const template = init(config, new Initialiser(backend, 1));
  const x = variables({
    params: restoreTree(backend, template, arrays, `${title}/params/`, title),
    inputs: under('inputs'),
  });
  const outputs = forward(x.params, x.inputs);
  await expectAll(outputs, under('outputs'));

  const products = Object.entries(under('cotangents')).map(([name, g]) => sum(mul(g, outputs[name])));
  const named = leaves(x);
  const gradients = grad(
    products.reduce(add),
    named.map(([, leaf]) => leaf),
  );
  const found = named.map(([path], i) => [path.replace('.', '/'), gradients[i]]);
  await expectAll(Object.fromEntries(found) as Named, under('gradients'));
}

function tensorsUnder(arrays: ReadonlyMap<string, StoredTensor>, prefix: string): Named {
  const found = [...arrays].filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(
    found.map(([name, { shape, values }]) => [name.slice(prefix.length), tensor(backend, shape, values)]),
  );
}

/** Asserts the same names, shapes and, to rounding, values. */
async function expectAll(actual: Named, expected: Named): Promise<void> {
  expect(actual).to.have.all.keys(Object.keys(expected));
  for (const [name, x] of Object.entries(expected))
    await expectArray(actual[name], { shape: x.shape, values: await x.read() }, name, TOLERANCE);
}

/** Asserts the same shape and, relative to the greatest magnitude that is expected, the same values. */
export async function expectArray(
  actual: Tensor,
  { shape, values }: Pick<StoredTensor, 'shape' | 'values'>,
  name: string,
  tolerance: number,
): Promise<void> {
  expect(actual.shape, name).to.deep.equal(shape);
  const errors = Array.from(await actual.read(), (v, i) => Math.abs(v - values[i]));
  const scale = Math.max(...Array.from(values, Math.abs));
  expect(Math.max(...errors) / scale, `error of ${name}`).to.be.at.most(tolerance);
}
