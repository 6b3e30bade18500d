import type { Database } from '@datacraft/engine';
import type { Deps } from '../../deps.ts';
import { OnlineDatabase } from './database-layer.ts';
import type { OnlineLayer } from './layer.ts';
import { MemoryLayer } from './memory-layer.ts';

/** In Redis when it is configured, else in this process. */
export async function openOnline(db: Database, { config, bus, metrics, log }: Deps): Promise<OnlineLayer> {
  const database = new OnlineDatabase(db);
  if (config.redisUrl === null) return new MemoryLayer(database, metrics);
  const { RedisLayer } = await import('./redis-layer.ts'); // its client takes long to load
  return new RedisLayer(config.redisUrl, { db, database, bus, metrics, log });
}
