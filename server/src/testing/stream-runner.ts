import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { TestServer } from './test-server.ts';

/** Kills -9 the process that holds the stream now, once there is one. */
export async function killRunner(test: TestServer, id: string): Promise<void> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    const { rows } = await test.server.deps.pool.query<{ lease_holder: string | null }>(
      'select lease_holder from streams where id = $1 and lease_expires_at > now()',
      [id],
    );
    const pid = Number(rows[0]?.lease_holder?.split(':')[1]);
    try {
      if (pid > 0) return void process.kill(pid, 'SIGKILL');
    } catch {
      // It is dead already and its lease has not run out: the next one comes.
    }
    await sleep(20);
  }
  throw new Error('nobody runs the stream');
}

/** Looks again until it is so; what it found at last is what the test tells. */
export async function untilSeen<Found>(look: () => Promise<Found>, wanted: Found): Promise<void> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    const found = await look().catch(() => undefined);
    if (JSON.stringify(found) === JSON.stringify(wanted)) return;
    await sleep(100);
  }
  expect(await look()).toEqual(wanted);
}
