import { expect } from 'chai';
import { inHalf } from '../../src/kernels/halfSource.js';

const declarations = `alias T = vec4f;
@group(0) @binding(0) var<storage, read> x: array<T>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<T>;
`;

/** A body of a kernel in half precision, without the declarations. */
const rewritten = (body: string): string =>
  inHalf(declarations + body, ['f16', 'f32', 'f16'])
    .split('\n')
    .slice(5)
    .join('\n');

describe('inHalf', () => {
  it('leaves a kernel on f32 alone', () => {
    expect(inHalf(declarations, ['f32', 'f32', 'f32'])).to.equal(declarations);
  });

  it('declares arrays of f16, those of f16 alone', () => {
    const text = inHalf(declarations, ['f16', 'f32', 'f16']);
    expect(text).to.match(/^enable f16;/);
    expect([...text.matchAll(/(\w): array<(\w+)>/g)].map(([, name, type]) => [name, type])).to.deep.equal([
      ['x', 'vec4h'],
      ['w', 'f32'],
      ['y', 'vec4h'],
    ]);
  });

  it('widens loads and narrows stores, inside each other too', () => {
    expect(rewritten('y[i] = w[j] * x[u32(x[k].x)];')).to.equal('y[i] = vec4h(w[j] * T(x[u32(T(x[k]).x)]));');
    expect(rewritten('if (y[i].x == 1.0) { return; }')).to.equal('if (T(y[i]).x == 1.0) { return; }');
  });

  it('takes members and other things of the same name for what they are', () => {
    for (const same of ['let a = p.x + q.x[0];', 'let x = 1.0;', 'xs[i] = s;', 'fn f(x: f32) {}'])
      expect(rewritten(same)).to.equal(same);
  });

  it('refuses what it does not understand', () => {
    for (const body of ['y[i] += v;', 'y[i].x = v;', 'y[i][0] = v;', 'f(&y);'])
      expect(() => rewritten(body), body).to.throw('is');
    expect(() => inHalf('@binding(0) var<storage, read> x: array<u32>;', ['f16'])).to.throw(
      'array<u32> of x',
    );
    expect(() => inHalf(declarations, ['f16', 'f16'])).to.throw('2 arrays are bound, 3 were found');
  });
});
