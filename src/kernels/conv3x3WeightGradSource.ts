import {
  elementOf,
  loadQuad,
  perReading,
  repeat,
  rowBelow,
  shifted,
  startRows,
  stepDown,
  type Reading,
} from './rows3x3.js';

const OUTPUTS = 8;

/**
 * gw[n, o, i, u, v] = Σ_{r, c} g[n, o, r, c] x[n, i, r + u − 1, c + v − 1]
 *
 * Each invocation holds the nine taps of 8 output channels and one input channel, and walks over the pixels, down
 * one column of quads after the other: the two rows of x above stay in registers. With `shared`, eight invocations
 * have the same output channels and neighbouring input channels; each loads g of one output channel and the others
 * fetch it by broadcast. A workgroup of eight lies within one subgroup wherever subgroups have at least eight.
 *
 * At the end the sums move up past one store, as in conv3x3Source.
 */
export const conv3x3WeightGradSource = (shared: boolean, reading: Reading): string =>
  variants[shared ? 1 : 0][reading];

const source = (shared: boolean, reading: Reading): string => {
  const T = elementOf[reading];
  const plane = (k: string): string => `(n * p.co + min(o + ${k}, p.co - 1u)) * p.h * p.w`;
  return `${shared ? 'enable subgroups;' : ''}
struct Params { ci: u32, co: u32, h: u32, w: u32, blocks: u32, blocksIn: u32 }

@group(0) @binding(0) var<storage, read> g: array<${T}>;        // [n, co, h, w]
@group(0) @binding(1) var<storage, read> x: array<${T}>;        // [n, ci, h, w]
@group(0) @binding(2) var<storage, read_write> gw: array<f32>;  // [n, co, ci, 3, 3]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let block = group.x + group.y * groups.x;
  if (block >= p.blocks) { return; } // uniform: the whole workgroup leaves
  let own = block % p.blocksIn * 8u + lane;
  let i = min(own, p.ci - 1u); // surplus lanes work along, for the sake of the broadcasts
  let blocksOut = (p.co + ${OUTPUTS - 1}u) / ${OUTPUTS}u;
  let o = block / p.blocksIn % blocksOut * ${OUTPUTS}u;
  let n = block / (p.blocksIn * blocksOut);
  let plane = (n * p.ci + i) * p.h * p.w;
${shared ? `  let mine = ${plane('lane')};` : repeat(OUTPUTS, (k) => `  let g${k} = ${plane(`${k}u`)};`)}
${repeat(OUTPUTS, (k) => repeat(9, (t) => `  var s${k}_${t} = 0.0;`))}
  for (var q = 0u; q < (p.w + 3u) / 4u; q++) {
${startRows(reading, '0')}
    for (var r = 0u; r < p.h; r++) {
${rowBelow(reading, 'i32(r)')}
${shared ? loadQuad(reading, 'gl', 'g', 'mine', 'i32(r)', 'q') : repeat(OUTPUTS, (k) => loadQuad(reading, `f${k}`, 'g', `g${k}`, 'i32(r)', 'q'))}
${repeat(9, (t) => `      let x${t} = ${shifted(Math.floor(t / 3), t % 3)};`)}
${repeat(
  OUTPUTS,
  (k) => `      {
        let f = ${shared ? `subgroupBroadcast(gl, ${k}u)` : `f${k}`};
${repeat(9, (t) => `        s${k}_${t} += dot(f, x${t});`)}
      }`,
)}
${stepDown}
    }
  }
  if (own >= p.ci) { return; }
  for (var k = o; k < min(o + ${OUTPUTS}u, p.co); k++) {
    let to = ((n * p.co + k) * p.ci + i) * 9u;
${repeat(9, (t) => `    gw[to + ${t}u] = s0_${t};`)}
${repeat(OUTPUTS - 1, (k) => repeat(9, (t) => `    s${k}_${t} = s${k + 1}_${t};`))}
  }
}
`;
};

const variants = [false, true].map((shared) => perReading((reading) => source(shared, reading)));
