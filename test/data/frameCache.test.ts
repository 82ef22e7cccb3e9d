import { expect } from 'chai';
import { FrameCache } from '../../src/data/frameCache.js';
import { noisePicture } from './pictures.js';

describe('FrameCache', () => {
  it('keeps the frames used last, up to its limit in bytes', () => {
    const loads: string[] = [];
    const cache = new FrameCache(2 * 12, (path) => {
      loads.push(path);
      return noisePicture(1, 2, path === 'large' ? 9 : 2);
    });
    for (const path of ['a', 'b', 'a', 'c', 'a', 'b', 'b']) cache.read(path);
    expect(loads.join(' ')).to.equal('a b c b');
    cache.read('large');
    cache.read('large');
    expect(loads.slice(4).join(' ')).to.equal('large large');
  });
});
