import type { Database } from '@datacraft/engine';
import type { Deps } from '../../deps.ts';
import { OnlineDatabase } from './database-layer.ts';
import type { OnlineLayer } from './layer.ts';
import { MemoryLayer } from './memory-layer.ts';
import { RedisLayer } from './redis-layer.ts';

/** In Redis when it is configured, else in this process. */
export function openOnline(db: Database, { config, bus, metrics, log }: Deps): OnlineLayer {
  const database = new OnlineDatabase(db);
  return config.redisUrl === null
    ? new MemoryLayer(database, metrics)
    : new RedisLayer(config.redisUrl, { db, database, bus, metrics, log });
}
