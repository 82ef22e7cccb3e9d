/** A thread that makes batches: a step comes in, its batch goes out. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Batch, prepareBatch } from './batch.js';
import type { BatchOrder, BatchReply, BatchSource } from './batchPool.js';
import { trainingClips } from './clipSources.js';

const { data, seed, cacheBytes } = workerData as BatchSource;
const source = trainingClips(data, seed, cacheBytes);

parentPort?.on('message', ({ step, shape }: BatchOrder) => {
  let reply: BatchReply;
  try {
    reply = { step, batch: prepareBatch(source, step, shape) };
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
