/**
 * WGSL text that the convolutions of any size share. They are products of two matrices,
 *
 *   y[o, c] = Σ_k a[o, k] x[k, c]
 *
 * of which the second is nowhere stored: its elements are gathered from an image as they are needed. An invocation has a
 * tile of several channels o × four columns c in registers, so that each element it loads counts several times. Columns
 * of a tile are far apart, for neighbouring invocations to have neighbouring ones.
 */
import { repeat } from './rows3x3.js';

/** What these texts depend on. */
export interface GatherTile {
  /** Channels of a tile; where they are shared, a multiple of eight. */
  readonly channels: number;
  /** Whether the eight invocations of a workgroup have the same channels, and fetch by broadcast what one has loaded. */
  readonly shared: boolean;
}

/** With eight, a workgroup lies within one subgroup wherever subgroups have at least eight. */
export const workgroupSize = ({ shared }: GatherTile): number => (shared ? 8 : 64);

/** Elements of `a` that an invocation loads for each k. */
const loads = ({ channels, shared }: GatherTile): number => (shared ? channels / 8 : channels);

/** The first fields of the uniform block. */
export const tileParams = `
  count: u32,  // invocations: across for each block of channels of each image
  across: u32, // a quarter of the columns, or more
  blocks: u32, // of channels
  outs: u32,   // channels`;

/**
 * Starts `main`, with x: array<f32> in scope. Declares `o`, the first of the channels, `own`, the four columns, and
 * `image`, which counts what has its own y.
 */
export const startTile = (tile: GatherTile): string => {
  const { channels, shared } = tile;
  const job = shared ? 'first' : 'index'; // what is the same for a workgroup must be seen to be, for the broadcasts
  return `
// Four elements of x; zero for those that are not inside, whose place is of no account.
fn gather(at: vec4u, inside: vec4<bool>) -> vec4f {
  let a = select(vec4u(), at, inside);
  return select(vec4f(), vec4f(x[a.x], x[a.y], x[a.z], x[a.w]), inside);
}

@compute @workgroup_size(${workgroupSize(tile)})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let first = (group.x + group.y * groups.x) * ${workgroupSize(tile)}u;
  let index = first + lane;
  if (${job} >= p.count) { return; }
  let o = ${job} / p.across % p.blocks * ${channels}u;
  let image = ${job} / p.across / p.blocks;
  let own = index % p.across + p.across * vec4u(0u, 1u, 2u, 3u);
${repeat(channels, (k) => `  var s${k} = vec4f();`)}`;
};

/** Declares where the tile's channels of `a` start, if the first of all starts at `start` and each `step` further. */
export const startChannels = (tile: GatherTile, start: string, step: string): string =>
  repeat(loads(tile), (j) => {
    const channel = tile.shared ? `o + lane + ${8 * j}u` : `o + ${j}u`;
    return `  let a${j} = ${start} + min(${channel}, p.outs - 1u) * ${step};`;
  });

/** Adds the products of the elements of `array` `at` further than the channels' starts with `column`, a vec4f. */
export const addProducts = (tile: GatherTile, array: string, at: string, column: string): string => `
${repeat(loads(tile), (j) => `        let f${j} = ${array}[a${j} + ${at}];`)}
${repeat(tile.channels, (k) => {
  const factor = tile.shared ? `subgroupBroadcast(f${Math.floor(k / 8)}, ${k % 8}u)` : `f${k}`;
  return `        s${k} += ${factor} * ${column};`;
})}`;

/** So many sums are stored at a time. */
const AT_ONCE = 4;

/**
 * Ends `main`: stores the sums of the columns that are `kept`, a vec4<bool>, from `to`, a vec4u, on, channels `step`
 * apart. The sums move up in a loop: with a store for each of them, all takes four times as long to compile.
 *
 * @param last what is added to the sum of a channel
 */
export const endTile = (
  { channels }: GatherTile,
  array: string,
  step: string,
  last: (channel: string) => string = () => '',
): string => {
  const most = Math.min(channels, AT_ONCE);
  return `
  var place = to;
  for (var k = o; k < min(o + ${channels}u, p.outs); k += ${most}u) {
${repeat(
  most,
  (i) => `    if (k + ${i}u < p.outs) {
      let s = s${i}${last(`k + ${i}u`)};
${repeat(4, (j) => `      if (kept[${j}]) { ${array}[place[${j}]] = s[${j}]; }`)}
      place += ${step};
    }`,
)}
${repeat(channels - most, (i) => `    s${i} = s${i + most};`)}
  }
}
`;
};
