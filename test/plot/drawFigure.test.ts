import { expect } from 'chai';
import fc from 'fast-check';
import {
  drawFigure,
  type Figure,
  inlineChart,
  type LineChart,
  logRangeOf,
  place,
  rangeOf,
} from '../../src/plot/index.js';
import { values } from '../support/arbitraries.js';
import { attributes, expectWellFormed } from './xml.js';

const chart: LineChart = {
  kind: 'lines',
  title: 'a < b & "c"',
  x: 't',
  y: 'η',
  legend: 'which',
  marks: [{ x: 2, name: 'here' }],
  series: [{ name: 'first', colour: '#000', points: [[0, 1], [1, 3], [4, -1]] }], // prettier-ignore
};
const figure = (...charts: Figure['charts']): Figure => ({ title: 'Test', columns: 2, charts });

describe('drawFigure', () => {
  it('is well-formed XML, the same every time, with all names in it', () => {
    const heat = { kind: 'heat', title: 'h', x: 'x', y: 'y', columns: ['1', '2'], rows: ['a'], values: [[1, -Infinity]] } as const; // prettier-ignore
    const svg = drawFigure(figure(chart, heat, chart));
    expectWellFormed(svg);
    expect(drawFigure(figure(chart, heat, chart))).to.equal(svg);
    for (const name of ['Test', 'a &lt; b &amp; &quot;c&quot;', '>η<', '>which<', '>here<', '>first<'])
      expect(svg).to.include(name);
  });

  it('draws every point where the axes say it is', () =>
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 20 }), (seed, n) => {
        const points = Array.from(values(seed, n), (y, x) => [x, y] as const);
        const svg = drawFigure(figure({ ...chart, series: [{ ...chart.series[0], points }] }));
        const drawn = attributes(svg, 'polyline', 'points')[0]
          .split(' ')
          .map((p) => p.split(',').map(Number));
        // The marks carry their values: two of them on either axis give back all points.
        const marks = [
          ...svg.matchAll(
            /<text x="([-\d.]+)" y="([-\d.]+)" text-anchor="(middle|end)" font-size="11">([-\d.e]+)</g,
          ),
        ];
        const axis = (anchor: string, at: 1 | 2, shift: number): ((pixel: number) => number) => {
          const [a, b] = marks
            .filter((m) => m[3] === anchor)
            .map((m) => [Number(m[at]) - shift, Number(m[4])]);
          return (pixel) => a[1] + ((pixel - a[0]) / (b[0] - a[0])) * (b[1] - a[1]);
        };
        const [x, y] = [axis('middle', 1, 0), axis('end', 2, 4)];
        expect(drawn.length).to.equal(n);
        drawn.forEach(([px, py], i) => {
          expect(x(px)).to.be.closeTo(points[i][0], 0.002 * n);
          expect(y(py)).to.be.closeTo(points[i][1], 0.002);
        });
      }),
      { numRuns: 50 },
    ));

  it('interrupts a line where a value is not finite, and refuses a chart without any', () => {
    const points = [[0, 1], [1, NaN], [2, 3], [3, 4]] as const; // prettier-ignore
    const svg = drawFigure(figure({ ...chart, series: [{ ...chart.series[0], points }] }));
    expect(attributes(svg, 'polyline', 'points').map((p) => p.split(' ').length)).to.deep.equal([1, 2]);
    expect(() => drawFigure(figure({ ...chart, series: [] }))).to.throw('at least one finite value');
  });

  it('colours a heat map by its values, the largest and the least at the ends of the bar', () => {
    const svg = drawFigure(
      figure({
        kind: 'heat',
        title: '',
        x: '',
        y: '',
        columns: ['1', '2', '3'],
        rows: ['a'],
        values: [[0, 1, 0.5]],
      }),
    );
    expectWellFormed(svg);
    const cells = [...svg.matchAll(/fill="(rgb[^"]*)" shape-rendering/g)].map(([, fill]) => fill);
    expect(cells).to.deep.equal(['rgb(68,1,84)', 'rgb(253,231,37)', 'rgb(33,145,140)']);
  });
});

describe('rangeOf', () => {
  it('holds all values between round marks, and is not much larger', () =>
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: -8, max: 8 }), (seed, exponent) => {
        const some = [...values(seed, 9)].map((v) => v * 10 ** exponent);
        const range = rangeOf(some);
        for (const v of some) expect(place(v, range)).to.be.within(-1e-9, 1 + 1e-9);
        expect(range.ticks.length).to.be.within(2, 8);
        const extent = Math.max(...some) - Math.min(...some);
        if (extent > 0) expect(range.high - range.low).to.be.at.most(2 * extent);
      }),
    ));

  it('gives a single value room', () => {
    const range = rangeOf([3, 3, NaN]);
    expect(place(3, range)).to.be.within(0.2, 0.8);
  });
});

describe('logRangeOf', () => {
  it('holds all positive values between round marks, equal ratios equally long', () =>
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: -12, max: 12 }),
        fc.double({ min: 0, max: 12, noNaN: true }),
        (seed, exponent, decades) => {
          const some = [...values(seed, 9)].map((v) => 10 ** (exponent + (decades * (v + 1)) / 2));
          const range = logRangeOf([...some, 0, -1, NaN]);
          for (const v of some) expect(place(v, range)).to.be.within(-1e-6, 1 + 1e-6);
          expect(range.ticks.length).to.be.within(2, 10);
          const { low, high } = range;
          expect(place(Math.sqrt(low * high), range)).to.be.closeTo(0.5, 1e-9);
        },
      ),
    ));

  it('refuses values none of which is positive', () => {
    expect(() => logRangeOf([0, -1])).to.throw(RangeError, 'at least one positive value');
  });
});

describe('inlineChart', () => {
  const size = { width: 400, height: 200 };

  it('is an element for a page: well-formed, in the colours around it, with nothing that is loaded', () => {
    const svg = inlineChart({ ...chart, notes: [[0, 'a < b'], [4, 'last']] }, size); // prettier-ignore
    expectWellFormed(svg);
    expect(svg)
      .to.include('<title>a &lt; b</title>')
      .and.to.include('aria-label="a &lt; b &amp; &quot;c&quot;"');
    expect(svg).not.to.match(/http|#fff/);
    const columns = attributes(svg, 'rect', 'width').slice(1).map(Number); // the first is the frame
    expect(columns.reduce((a, b) => a + b)).to.equal(Number(attributes(svg, 'rect', 'width')[0]));
  });

  it('puts a dot on each point, joins none or all of them, and leaves out what no logarithm has', () => {
    const points = [[1, 10], [2, 0], [3, 1000]] as const; // prettier-ignore
    const draw = (line: 'none' | 'dashed'): string =>
      inlineChart({ ...chart, logarithmic: true, series: [{ name: '', colour: '#000', points, line, dots: true }] }, size); // prettier-ignore
    expect(attributes(draw('none'), 'circle', 'cx').length).to.equal(2);
    expect(attributes(draw('none'), 'polyline', 'points')).to.deep.equal([]);
    expect(attributes(draw('dashed'), 'polyline', 'stroke-dasharray')).to.deep.equal(['6 4', '6 4']);
  });
});
