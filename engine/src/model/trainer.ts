import { Worker } from 'node:worker_threads';
import { Fault, say } from '@datacraft/shared';
import type { FromThread, Job, JobAnswer } from './job.ts';

export interface TrainerOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly memoryLimitMb: number;
  onProgress(share: number): void;
}

/** Trains in a thread of its own: this one goes on serving. An abort and the time-out end the thread at once. */
export async function trainInThread(job: Job, options: TrainerOptions): Promise<JobAnswer> {
  options.signal.throwIfAborted();
  const thread = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: job,
    // Nothing of our own environment, and no flags of whoever started us.
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: Math.max(512, options.memoryLimitMb) },
  });
  const stopped = new AbortController();
  try {
    return await Promise.race([answerOf(thread, options), refusal(options, stopped.signal)]);
  } finally {
    stopped.abort();
    await thread.terminate();
  }
}

function answerOf(thread: Worker, { onProgress, memoryLimitMb }: TrainerOptions): Promise<JobAnswer> {
  return new Promise((resolve, reject) => {
    thread.on('message', (message: FromThread) => {
      if (message.kind === 'progress') onProgress(message.share);
      else if (message.kind === 'answer') resolve(message.answer);
      else reject(new Fault(message.code, message.message, message.facts));
    });
    thread.once('error', (error: Error & { code?: string }) => {
      const isFull = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      const message = say(
        'training needed more than {memoryLimitMb} MB: use fewer trees, a smaller depth, or fewer rows',
        { memoryLimitMb },
      );
      reject(isFull ? new Fault('out-of-memory', message) : error);
    });
    thread.once('exit', (code) => {
      reject(
        new Fault(
          'worker-died',
          say('the thread that trained ended unexpectedly ({code}); run it again', { code: String(code) }),
        ),
      );
    });
  });
}

function refusal({ signal, timeoutMs }: TrainerOptions, stopped: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const seconds = Math.round(timeoutMs / 1000);
    const late = () =>
      reject(
        new Fault(
          'timed-out',
          say('training took longer than {seconds} s: use fewer trees or rows, or raise the limit', { seconds }),
        ),
      );
    const timer = setTimeout(late, timeoutMs);
    const cancelled = () => reject(new Fault('cancelled', 'the run was cancelled while it trained'));
    signal.addEventListener('abort', cancelled, { signal: stopped });
    stopped.addEventListener('abort', () => clearTimeout(timer));
  });
}
