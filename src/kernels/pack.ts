/**
 * Arrays of any shapes end to end in one flat array, each filled up with zeros to a multiple of PART_BYTES:
 *
 *   y[start_i + j] = x_i[j],   start_i = Σ_{k<i} packedSize(size of x_k)
 *
 * So each can be had back as a part of y, without a copy; and what is packed already packs again without gaps.
 */
import { PART_BYTES } from './backend.js';
import { bytesOf, narrowing, type ElementType } from './elementType.js';
import type { Kernel } from './kernel.js';
import { ShapeError, sizeOf, type Shape } from './shape.js';
import { launchQuads } from './pointwise.js';

/** Arrays that one pass joins: with the output, the eight storage buffers that every adapter offers. */
export const MOST_PACKED = 7;

export interface PackParams {
  /** How the flat array is stored, however the arrays are. */
  readonly type: ElementType;
}

/** Elements that an array of `size` takes in a flat one of this type. */
export function packedSize(size: number, type: ElementType): number {
  const alignment = PART_BYTES / bytesOf[type];
  return alignment * Math.ceil(size / alignment);
}

/** Where arrays of these sizes begin in a flat one of this type, and where the last one ends. */
export function packedOffsets(
  sizes: readonly number[],
  type: ElementType,
): { offsets: number[]; total: number } {
  let total = 0;
  const offsets = sizes.map((size) => {
    const offset = total;
    total += packedSize(size, type);
    return offset;
  });
  return { offsets, total };
}

const WG = 256;

/** Four elements at a time: of the first array that ends behind them, or zeros where it has no more. */
const program = (arrays: number): string => {
  const each = Array.from({ length: arrays }, (_, i) => i);
  return `
override WG: u32 = ${WG}u;
struct Params { quads: u32, runs: u32, ${each.map((i) => `end${i}: u32, size${i}: u32`).join(', ')} }

${each.map((i) => `@group(0) @binding(${i}) var<storage, read> x${i}: array<vec4f>;`).join('\n')}
@group(0) @binding(${arrays}) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(${arrays + 1}) var<uniform> p: Params;

// The elements of quad that lie inside an array of size elements, of which quad is number j.
fn inside(quad: vec4f, j: u32, size: u32) -> vec4f {
  return select(vec4f(), quad, 4u * j + vec4u(0u, 1u, 2u, 3u) < vec4u(size));
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) local: u32) {
  let first = (group.x + group.y * groups.x) * WG + local;
  if (first >= p.runs) { return; }
  for (var i = first; i < p.quads; i += p.runs) {
    var quad = vec4f();
    ${each
      .map((i) => {
        const j = i === 0 ? 'i' : `i - p.end${i - 1}`;
        return `if (i < p.end${i}) { let j = ${j}; if (4u * j < p.size${i}) { quad = inside(x${i}[j], j, p.size${i}); } }`;
      })
      .join('\n    else ')}
    y[i] = quad;
  }
}
`;
};

const programs = Array.from({ length: MOST_PACKED }, (_, i) => program(i + 1));

const layoutOf = (
  shapes: readonly Shape[],
  { type }: PackParams,
): { sizes: number[]; offsets: number[]; total: number } => {
  const sizes = shapes.map(sizeOf);
  return { sizes, ...packedOffsets(sizes, type) };
};

export const pack: Kernel<PackParams> = {
  name: 'pack',
  resultType: (_, { type }) => type,
  outShape(shapes, params) {
    if (shapes.length === 0 || shapes.length > MOST_PACKED)
      throw new ShapeError('pack', `1 to ${MOST_PACKED} arrays`, ...shapes);
    return [layoutOf(shapes, params).total];
  },
  launch(shapes, params) {
    const { sizes, offsets, total } = layoutOf(shapes, params);
    const fields = sizes.flatMap((size, i) => [(offsets[i] + packedSize(size, params.type)) / 4, size]);
    return launchQuads(programs[shapes.length - 1], total, fields);
  },
  reference(xs, shapes, params) {
    const { offsets, total } = layoutOf(shapes, params);
    const y = new Float64Array(total);
    xs.forEach((x, i) => {
      y.set(x, offsets[i]);
    });
    return y;
  },
  roundings: (_, { type }) => narrowing(type),
};
