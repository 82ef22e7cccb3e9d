import { expect } from 'chai';
import { CpuBackend, full, leaves, mapTree, scale, variables, withLeaves } from '../../src/tensor/index.js';

const backend = new CpuBackend();
const tree = {
  a: full(backend, [1], 1),
  layers: [{ w: full(backend, [1], 2) }, { name: 'x', w: full(backend, [1], 3) }],
};

describe('trees', () => {
  it('name their leaves by path, in order', () =>
    expect(leaves(tree).map(([path]) => path)).to.deep.equal(['a', 'layers.0.w', 'layers.1.w']));

  it('map to trees of the same form, other values untouched', async () => {
    const doubled = mapTree(tree, (x) => scale(2, x));
    expect(await doubled.layers[1].w.item()).to.equal(6);
    expect(doubled.layers[1]).to.have.property('name', 'x');
  });

  it('take their leaves from a list', () => {
    const others = leaves(tree).map(() => full(backend, [1], 0));
    expect(leaves(withLeaves(tree, others)).map(([, x]) => x)).to.deep.equal(others);
  });

  it('become variables leaf by leaf', () =>
    expect(leaves(variables(tree)).every(([, { node }]) => node === 'leaf')).to.equal(true));
});
