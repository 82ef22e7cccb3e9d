/** A thread that makes batches: a step comes in, its batch goes out. */
import { parentPort, workerData } from 'node:worker_threads';
import { prepareBatch } from './batch.js';
import type { BatchOrder, BatchReply } from './batchPool.js';
import { trainingClips } from './clipSources.js';

const { data, seed, cacheBytes, ...shape } = workerData as BatchOrder;
const source = trainingClips(data, seed, cacheBytes);

parentPort?.on('message', (step: number) => {
  let reply: BatchReply;
  try {
    reply = { step, batch: prepareBatch(source, step, shape) };
  } catch (error) {
    reply = { step, problem: error instanceof Error ? error.message : String(error) };
  }
  const moved = 'batch' in reply ? [reply.batch.hr, reply.batch.upscaled, reply.batch.lr] : [];
  parentPort?.postMessage(
    reply,
    moved.map(({ buffer }) => buffer as ArrayBuffer),
  );
});
