import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ExportSpec } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';
import { revealed } from '../source/http/credentials.ts';
import { guardedRequest, parseHttpUrl, shownUrl } from '../source/network/guarded-request.ts';
import type { Shipment, Shipped } from './shipment.ts';
import { currentSnapshot, remoteOf, withRows } from './shipment.ts';

const BATCH_ROWS = 1000;
const QUIET_MS = 60_000;

/** Posts the table in batches of JSON rows. `Idempotency-Key` names snapshot and batch: what came twice is told by it. */
export async function sendByHttp(spec: Extract<ExportSpec, { type: 'http' }>, shipment: Shipment): Promise<Shipped> {
  const snapshotId = await currentSnapshot(shipment);
  if (shipment.before === snapshotId) return { snapshotId, rows: 0 };
  const remote = remoteOf(shipment);
  const url = parseHttpUrl(spec.url);
  const token =
    spec.token === undefined ? {} : { authorization: `Bearer ${await revealed(spec.token, remote, [url.hostname])}` };
  const post = async (batch: number, lines: readonly string[]) => {
    const response = await guardedRequest(url, {
      method: 'POST',
      headers: {
        ...token,
        'content-type': 'application/json',
        'idempotency-key': `${relationName(shipment.ref)}-${snapshotId}-${batch}`,
      },
      body: `[${lines.join(',')}]`,
      allowedHosts: remote.allowedHosts,
      timeoutMs: QUIET_MS,
      signal: shipment.signal,
    });
    response.resume();
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return;
    throw new Fault(
      'source-unreadable',
      say('{url} answered {status} to batch {batch}; the next run sends all again, under the same keys', {
        url: shownUrl(url),
        status,
        batch,
      }),
    );
  };
  const rows = await withRows(shipment, snapshotId, { kind: 'all' }, async ({ session, dir, select }) => {
    const file = join(dir, 'rows.ndjson');
    await session.run(`copy (${select}) to '${file.replaceAll("'", "''")}' (format json)`);
    let [batch, count, lines]: [number, number, string[]] = [0, 0, []];
    for await (const line of createInterface({ input: createReadStream(file) })) {
      lines.push(line);
      count += 1;
      if (lines.length < (spec.batch ?? BATCH_ROWS)) continue;
      await post(batch++, lines);
      lines = [];
    }
    if (lines.length > 0) await post(batch, lines);
    return count;
  });
  return { snapshotId, rows };
}
