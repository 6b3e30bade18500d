import type pg from 'pg';
import type { Config } from '../config.ts';
import { withDatabase } from './database.ts';
import type { Bus } from '../live/bus.ts';
import { startBus } from '../live/bus.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metric/registry.ts';
import type { Rooms } from '../room/rooms.ts';
import { createRooms } from '../room/rooms.ts';

/** The documents of a data directory, for commands. A server may be using the same ones: it hears of every change. */
export interface OpenRooms {
  readonly pool: pg.Pool;
  readonly bus: Bus;
  readonly rooms: Rooms;
}

export async function withRooms<Result>(config: Config, work: (open: OpenRooms) => Promise<Result>): Promise<Result> {
  return withDatabase(config, async (pool, url) => {
    const bus = await startBus({ pool, url });
    const rooms = createRooms({ pool, bus, log: createLog('error'), metrics: createMetrics() });
    try {
      return await work({ pool, bus, rooms });
    } finally {
      await rooms.stop();
      await bus.stop();
    }
  });
}
