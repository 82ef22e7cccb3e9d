import { expect } from 'chai';
import fc from 'fast-check';
import { type Cut, cutOut, degrade, drawCut, type Image, Random } from '../../src/data/index.js';
import { noisePicture } from './pictures.js';

/** Red holds x, green y, blue their parity. */
const coordinates = (width: number, height: number): Image => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return [x, y, (x + y) % 2][i % 3];
  }),
});

/** Turned by 90°: (x, y) of the result is (y, side − 1 − x) of the square. */
const turned = ({ width: side, data }: Image): Image => ({
  width: side,
  height: side,
  data: Uint8Array.from(data, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    return data[3 * ((side - 1 - x) * side + y) + (i % 3)];
  }),
});

const mirrored = ({ width: side, height, data }: Image): Image => ({
  width: side,
  height,
  data: Uint8Array.from(data, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    return data[3 * (y * side + side - 1 - x) + (i % 3)];
  }),
});

/** The eight symmetries, as four rotations with and without a reflection: not as flips and transposes. */
function symmetries(square: Image): Image[] {
  const rotations = [square];
  for (let i = 1; i < 4; i++) rotations.push(turned(rotations[i - 1]));
  return [...rotations, ...rotations.map(mirrored)];
}

/** The largest deviation from equal counts that chance leaves below 1e-6, in standard deviations, for few cells. */
const SIGMAS = 5.5;

/** All values there are, each as often as the others but for chance. */
function expectUniform(values: readonly (string | number)[], cells: number): void {
  const counts = new Map<string | number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  expect(counts.size).to.equal(cells);
  const mean = values.length / cells;
  for (const [value, count] of counts)
    expect(Math.abs(count - mean) / Math.sqrt(mean), String(value)).to.be.below(SIGMAS);
}

const sizes = fc.record({
  seed: fc.nat(),
  side: fc.integer({ min: 1, max: 6 }),
  more: fc.tuple(fc.nat(5), fc.nat(5)),
});

describe('cuts', () => {
  it('are squares of the frame, through one of the eight symmetries', () =>
    fc.assert(
      fc.property(sizes, ({ seed, side, more: [wider, higher] }) => {
        const frame = coordinates(side + wider, side + higher);
        const cut = drawCut(frame, side, new Random(seed));
        const plain = cutOut(frame, { ...cut, flipX: false, flipY: false, transpose: false });
        for (let y = 0; y < side; y++)
          for (let x = 0; x < side; x++)
            expect([...plain.data.subarray(3 * (y * side + x)).subarray(0, 2)]).to.deep.equal([cut.x + x, cut.y + y]);
        expect(symmetries(plain)).to.deep.include(cutOut(frame, cut));
      }),
    )); // prettier-ignore

  it('reach every symmetry and every place equally often', () => {
    const frame = coordinates(5, 4);
    const random = new Random(3);
    const cuts = Array.from({ length: 9600 }, () => drawCut(frame, 2, random));
    expectUniform(
      cuts.map((cut) => `${cut.x} ${cut.y}`),
      4 * 3,
    );
    expectUniform(
      cuts.map((cut) => `${cut.flipX} ${cut.flipY} ${cut.transpose}`),
      8,
    );
    expectUniform(
      cuts.map((cut) => String(cutOut(frame, cut).data)),
      8 * 4 * 3,
    );
  });

  it('lie on a grid where they are asked to, equally often everywhere', () => {
    const random = new Random(4);
    const cuts = Array.from({ length: 4000 }, () => drawCut({ width: 27, height: 12 }, 8, random, 4));
    expectUniform(
      cuts.map((cut) => `${cut.x} ${cut.y}`),
      5 * 2,
    );
    for (const { x, y } of cuts) expect([x % 4, y % 4]).to.deep.equal([0, 0]);
  });

  // BI rounds to bytes between its passes, whose order the transpose exchanges: ½ each time, times Σ|w| < 1.5, is less
  // than 1.5 before the last rounding, and so at most 2 after it.
  it('commute with BI degradation up to its rounding where they are whole frames', () =>
    fc.assert(
      fc.property(fc.nat(), fc.nat(7), (seed, symmetry) => {
        const frame = noisePicture(seed, 16, 16);
        const whole: Cut = {
          x: 0, y: 0, size: 16, flipX: symmetry % 2 > 0, flipY: symmetry % 4 > 1, transpose: symmetry > 3,
        }; // prettier-ignore
        const before = degrade(cutOut(frame, whole));
        const after = cutOut(degrade(frame), { ...whole, size: 4 });
        before.data.forEach((v, i) => expect(Math.abs(v - after.data[i])).to.be.at.most(2));
      }),
    ));

  it('leave the frame as it was', () => {
    const frame = noisePicture(1, 5, 5);
    cutOut(frame, drawCut(frame, 5, new Random(2))).data.fill(0);
    expect(frame).to.deep.equal(noisePicture(1, 5, 5));
  });

  it('are not larger than the frame', () =>
    expect(() => drawCut(noisePicture(1, 7, 9), 8, new Random(1))).to.throw(
      RangeError,
      'at least 8 x 8, got 7 x 9',
    ));
});
