import { parentPort, workerData } from 'node:worker_threads';
import { isFault } from '@datacraft/shared';
import type { FromThread, Job } from './job.ts';
import { learn } from './learn.ts';

/** The thread that trains one model and ends. It is stopped without being asked. */
const job = workerData as Job;
const post = (message: FromThread) => parentPort?.postMessage(message);
const onProgress = (share: number) => post({ kind: 'progress', share });

try {
  // Loaded for forecasts alone: the others need no WebAssembly.
  const answer =
    job.kind === 'learn' ? learn(job, onProgress) : (await import('./learn-series.ts')).learnSeries(job, onProgress);
  post({ kind: 'answer', answer });
} catch (error) {
  if (!isFault(error)) throw error;
  post({ kind: 'fault', code: error.code, message: error.message, facts: error.facts });
}
