/** A thread that makes batches: a step comes in, its batch goes out; any message once the pool is closing ends it. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Batch, prepareBatch } from './batch.js';
import type { BatchOrder, BatchReply, BatchThread } from './batchPool.js';
import { trainingClips } from './clipSources.js';

const { source, closing } = workerData as BatchThread;
const clips = trainingClips(source.data, source.seed, source.cacheBytes);

parentPort?.on('message', (message: BatchOrder | 'close') => {
  if (message === 'close' || Atomics.load(closing, 0) !== 0) {
    parentPort?.close();
    return;
  }
  const { step, shape } = message;
  let reply: BatchReply;
  try {
    reply = { step, batch: prepareBatch(clips, step, shape) };
  } catch (error) {
    reply = { step, problem: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply, 'batch' in reply ? buffersOf(reply.batch) : []);
});

/** What is moved, not copied. */
const buffersOf = ({ hr, upscaled, lr, previous }: Batch): ArrayBuffer[] => [
  ...[hr, upscaled, lr].map(({ buffer }) => buffer as ArrayBuffer),
  ...(previous ? buffersOf(previous) : []),
];
