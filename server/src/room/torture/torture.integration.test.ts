/**
 * I2 with real clients, a real server and a real PostgreSQL on disk, all of which are killed. `SYNC_SEEDS=1000 npm run
 * test:sync` runs more; `SYNC_FIRST_SEED` begins elsewhere.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomOf, tortureRun } from './run.ts';
import type { World } from './world.ts';
import { openWorld } from './world.ts';

const SEEDS = Number(process.env['SYNC_SEEDS'] ?? 50);
const FIRST = Number(process.env['SYNC_FIRST_SEED'] ?? 1);
const AT_ONCE = 5;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** While the runs go on: the server is killed, gently or not, or the database; and the documents are compacted. */
async function misfortune(seed: number): Promise<void> {
  const random = randomOf(seed * 7_919);
  await sleep(random(300));
  if (random(2) === 0) await world.compact();
  const choice = random(10);
  if (choice < 5) await world.restartServer('SIGKILL');
  else if (choice < 7) await world.restartServer('SIGTERM');
  else await world.restartDatabase(choice < 9 ? 'SIGQUIT' : 'SIGINT');
  if (random(2) === 0) await world.compact();
}

it(
  `${SEEDS} seeds from ${FIRST}: every acknowledged edit is there once, and all replicas are the log`,
  { timeout: SEEDS * 20_000 },
  async () => {
    for (let seed = FIRST; seed < FIRST + SEEDS; seed += AT_ONCE) {
      const seeds = Array.from({ length: Math.min(AT_ONCE, FIRST + SEEDS - seed) }, (_, n) => seed + n);
      const starts = seeds.map(() => Promise.withResolvers<void>());
      const calm = Promise.all(starts.map(({ promise }) => promise)).then(() => misfortune(seed));
      const run = async (one: number, at: number) => {
        try {
          return await tortureRun(world, one, { begun: () => starts[at]?.resolve(), calm });
        } catch (cause) {
          throw new Error(`seed ${one}: ${String(cause)}`, { cause });
        }
      };
      const found = await Promise.all(seeds.map(run));
      const faults = seeds.flatMap((one, at) =>
        (found[at] ?? ['was not judged']).map((fault) => `seed ${one}: ${fault}`),
      );
      expect(faults, faults.join('\n')).toEqual([]);
    }
  },
);
