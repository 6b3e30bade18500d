import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { sourceTypes } from '@datacraft/shared';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Cluster } from '../../../server/src/database/cluster.ts';
import { openCluster } from '../../../server/src/database/cluster.ts';
import { createPool } from '../../../server/src/database/pool.ts';
import type { Workshop } from '../run/testing/workshop.ts';
import { createWorkshop } from '../run/testing/workshop.ts';
import { claims } from './testing/conformance/claims.ts';
import { conforms } from './testing/conformance/conforms.ts';
import { fileBeds } from './testing/conformance/file-beds.ts';
import { apiBed } from './testing/conformance/http-bed.ts';
import { postgresBed } from './testing/conformance/postgres-bed.ts';
import { webhookBed } from './testing/conformance/webhook-bed.ts';

let shop: Workshop;
let dir: string;
let cluster: Cluster;
let pool: pg.Pool;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
  dir = await mkdtemp(join(tmpdir(), 'datacraft-conforms-'));
  await chmod(dir, 0o755); // the server may run as another user
  const settings = { wal_level: 'logical', fsync: 'off' };
  cluster = await openCluster({ dataDir: join(dir, 'pg'), settings, privateRoot: join(dir, 'private') });
  pool = createPool(cluster.url('postgres'), { max: 4 });
});
afterAll(async () => {
  await pool.end();
  await cluster.release();
  await rm(dir, { recursive: true, force: true });
  await shop.close();
});

const here = () => shop;
const there = () => ({ pool, url: cluster.url('postgres') });

it('every type of source that reads something real is held to the claims', () => {
  const held = new Set<string>(Object.values(claims).map(({ type }) => type));
  expect(sourceTypes.filter((type) => !held.has(type))).toEqual(['simulator', 'table']);
});

for (const [kind, make] of Object.entries(fileBeds)) conforms(kind as keyof typeof fileBeds, here, make);
conforms('http', here, apiBed(''));
conforms('http by cursor', here, apiBed('\nincremental: { cursor: id, param: since }'));
conforms('webhook', here, webhookBed);
conforms('postgres', here, postgresBed(there, ''));
conforms('postgres by cursor', here, postgresBed(there, '\nincremental: { cursor: at }'));
conforms('postgres by a query', here, postgresBed(there, '\nincremental: { cursor: id, overlap: 5 }', true));
conforms('postgres by its log', here, postgresBed(there, '\nmode: cdc'));
