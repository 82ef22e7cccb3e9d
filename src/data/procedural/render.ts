/** From a scene to a picture: objects are laid down front to back until nothing shines through. */
import { CHANNELS, type Image } from '../image.js';
import { compose } from './motion.js';
import type { Leaf, Scene } from './scene.js';
import { sine } from './sine.js';

/** Less light than this from behind is not worth looking for: below half a grey level. */
const OPAQUE = 1 / 512;

/** The canvas so far: light gathered [h, w, 3] and the share still to come from behind [h, w]. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly light: Float32Array;
  readonly behind: Float32Array;
}

/**
 * The picture at `time` (in frames, 0 in the middle of the clip). Edges are anti-aliased by coverage: the
 * signed distance at the centre of a pixel, in pixels. Colours are mixed as they are stored.
 *
 * @param visible is told what share, 0 … 1, of a pixel (row-major) shows a leaf; the ground comes after the leaves.
 * A pixel that shows none of a leaf is left out
 * @returns [height, width, 3]
 */
export function render(
  scene: Scene,
  time: number,
  width: number,
  height: number,
  visible?: (leaf: number, pixel: number, share: number) => void,
): Image {
  const pixels = width * height;
  const canvas: Canvas = {
    width,
    height,
    light: new Float32Array(pixels * CHANNELS),
    behind: new Float32Array(pixels).fill(1),
  };
  [...scene.leaves, scene.ground].forEach((leaf, i) =>
    lay(canvas, scene, leaf, time, visible && ((pixel, share) => visible(i, pixel, share))),
  );
  const data = new Uint8Array(pixels * CHANNELS);
  for (let i = 0; i < data.length; i++)
    data[i] = Math.min(Math.max(Math.floor(canvas.light[i] + 0.5), 0), 255);
  return { width, height, data };
}

const rgb = new Float64Array(CHANNELS);

function lay(
  { width, height, light, behind }: Canvas,
  { camera }: Scene,
  leaf: Leaf,
  time: number,
  visible?: (pixel: number, share: number) => void,
): void {
  const { shape, warp } = leaf;
  const { a, b, c, d, x, y } = compose(camera(time, leaf.nearness), leaf.motion(time));
  const det = a * d - b * c;
  const scale = Math.sqrt(Math.abs(det)); // pixels per unit of the leaf
  if (scale < 0.05) return;
  const reach = shape.reach + warp.amplitude + leaf.softness / scale;
  const rx = reach * Math.sqrt(a * a + b * b);
  const ry = reach * Math.sqrt(c * c + d * d);
  const [left, right] = [Math.max(0, Math.floor(x - rx)), Math.min(width - 1, Math.ceil(x + rx))];
  const [top, bottom] = [Math.max(0, Math.floor(y - ry)), Math.min(height - 1, Math.ceil(y + ry))];
  const phase = warp.speed * time;
  for (let py = top; py <= bottom; py++) {
    for (let px = left; px <= right; px++) {
      const at = py * width + px;
      if (behind[at] < OPAQUE) continue;
      const [dx, dy] = [px + 0.5 - x, py + 0.5 - y];
      let u = (d * dx - b * dy) / det;
      let v = (a * dy - c * dx) / det;
      if (warp.amplitude > 0) {
        u += warp.amplitude * sine(v * warp.frequency + phase);
        v += warp.amplitude * sine(u * warp.frequency - phase);
      }
      const cover = 0.5 - (shape.distance(u, v) * scale) / leaf.softness;
      if (cover <= 0) continue;
      leaf.texture(u, v, rgb);
      const share = behind[at] * Math.min(cover, 1) * leaf.opacity;
      const gain = share * (1 + (leaf.light[0] * u + leaf.light[1] * v) / shape.reach);
      for (let k = 0; k < CHANNELS; k++) light[at * CHANNELS + k] += gain * rgb[k];
      behind[at] -= share;
      visible?.(at, share);
    }
  }
}
