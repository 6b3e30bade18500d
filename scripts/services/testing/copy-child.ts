/** Publishes feature tables and copies them to Redis, on and on: `database redis relation entities from`. */
import pg from 'pg';
import { databaseOf } from '../../../engine/src/store/database.ts';
import { materializeOnline } from '../../../engine/src/store/online-features.ts';
import { openRedis } from '../../../server/src/model/online/redis-client.ts';
import { copyOnline } from '../../../server/src/model/online/redis-copy.ts';

const [database = '', redisUrl = '', name = '', entities = '', from = ''] = process.argv.slice(2);
const db = databaseOf(new pg.Pool({ connectionString: database }));
const redis = await new Promise<ReturnType<typeof openRedis>>((resolve) => {
  const opened = openRedis(redisUrl, { onUp: () => resolve(opened), onDown: () => undefined });
});
const at = new Date().toISOString();
for (let v = Number(from); ; v += 1) {
  const rows = Array.from({ length: Number(entities) }, (_, n) => ({ entity: `["${n}"]`, at, features: `{"v":${v}}` }));
  await db.transaction((tx) => materializeOnline(tx, { layer: 'gold', name }, `run_${v}`, { rows, whole: v % 3 > 0 }));
  await copyOnline(db, redis, `gold.${name}`);
}
