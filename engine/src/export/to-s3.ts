import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportSpec } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { createS3Client } from '../source/s3/client.ts';
import { s3PlaceOf } from '../source/s3/place.ts';
import type { Shipment, Shipped } from './shipment.ts';
import { currentSnapshot, remoteOf, withRows } from './shipment.ts';

/** One request puts an object; beyond this it would have to be sent in parts. */
const OBJECT_MAX_BYTES = 1024 ** 3;
const FORMATS = {
  parquet: 'format parquet, compression zstd',
  csv: 'format csv, header true',
  json: 'format json',
} as const;

/** Puts the table as one object: over the last one, or below a folder by its snapshot. A retry puts the same again. */
export async function sendToS3(spec: Extract<ExportSpec, { type: 's3' }>, shipment: Shipment): Promise<Shipped> {
  const snapshotId = await currentSnapshot(shipment);
  const remote = remoteOf(shipment);
  const format = spec.format ?? formatOf(spec.path);
  const [, bucket = '', path = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(spec.path) ?? [];
  const key = path.endsWith('/') ? `${path}${shipment.ref.name}-${snapshotId}.${format}` : path;
  const place = await s3PlaceOf({ connection: spec.connection }, remote);
  const client = createS3Client({ place, allowedHosts: remote.allowedHosts, signal: shipment.signal });
  const rows = await withRows(shipment, snapshotId, { kind: 'all' }, async ({ session, dir, select }) => {
    const file = join(dir, `rows.${format}`);
    await session.run(`copy (${select}) to '${file.replaceAll("'", "''")}' (${FORMATS[format]})`);
    if ((await stat(file)).size > OBJECT_MAX_BYTES)
      throw new Fault(
        'too-large',
        say('{path} would be larger than 1 GiB; export fewer rows, or use format: parquet', { path: spec.path }),
      );
    const { rows: counted } = await session.rows(`select count(*) from (${select})`);
    await client.put(bucket, key, await readFile(file));
    return Number(counted[0]?.[0]);
  });
  return { snapshotId, rows };
}

function formatOf(path: string): keyof typeof FORMATS {
  if (/\.csv$/i.test(path)) return 'csv';
  return /\.(json|ndjson|jsonl)$/i.test(path) ? 'json' : 'parquet';
}
