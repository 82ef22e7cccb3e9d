/** What an algorithm computed, line by line, and where two runs of it part. */
export { compareTraces, type Comparison, type Parting } from './compare.js';
export { perturbed } from './perturbed.js';
export { Recorder } from './recorder.js';
export { rowOf, samplePositions, type TraceRow } from './row.js';
export { parseTrace, type Trace, traceOf } from './trace.js';
