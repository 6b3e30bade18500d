import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { spreadOf } from './pairs.ts';

const KILLS = 3;

export interface RunningStream {
  readonly id: string;
  readonly pool: pg.Pool;
  /** Sends one message. */
  send(): Promise<void>;
  rows(): Promise<number>;
}

/** kill -9 of the runner to the commit of a message that was sent at once: the middle one of a few, in ms. */
export async function restartMs(stream: RunningStream): Promise<number> {
  const times: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = await stream.rows();
    const began = performance.now();
    process.kill(await runnerOf(stream), 'SIGKILL');
    await stream.send();
    while ((await stream.rows()) <= before) await sleep(20);
    times.push(performance.now() - began);
    await sleep(1_000); // the next one has begun to wait for messages
  }
  return spreadOf(times).median;
}

/** The process that holds it, as its lease says. */
async function runnerOf({ id, pool }: RunningStream): Promise<number> {
  const { rows } = await pool.query<{ lease_holder: string | null }>('select lease_holder from streams where id = $1', [
    id,
  ]);
  const pid = Number(rows[0]?.lease_holder?.split(':')[1]);
  if (!(pid > 0)) throw new Error('nobody runs the stream');
  return pid;
}
