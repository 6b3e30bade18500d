import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

interface Looked {
  readonly snapshot: string;
  readonly rows: string;
  readonly rows_in: string;
  readonly rejects: string | null;
  readonly rows_rejected: string;
  readonly offsets: object;
  readonly location: string;
}

interface Metadata {
  readonly 'last-sequence-number': number;
  readonly snapshots: readonly { readonly 'snapshot-id': number; readonly summary: Readonly<Record<string, string>> }[];
}

export interface Watched {
  readonly commits: number;
  readonly broken: readonly string[];
  readonly metadataBytes: number;
  readonly states: number;
  readonly sequence: number;
}

/** One look is one statement: what it shows together was committed together. */
const LOOK = `select r.snapshot_id as snapshot, r.row_count::text as rows, s.rows_in::text, s.rows_rejected::text, j.row_count::text as rejects,
    r.definition -> 'source' -> 'state' -> 'offsets' as offsets, t.metadata_location as location
  from streams s join relations r on r.layer || '.' || r.name = s.relation
  join iceberg_tables t on t.table_namespace = r.layer and t.table_name = r.name
  left join relations j on j.layer || '.' || j.name = s.relation || '_rejects' where s.id = $1`;

/** Looks at the states of a stream's table as they come: what came in is stored or set aside (I7), and its offsets are of its rows (I3). */
export function watchCommits(pool: pg.Pool, id: string): { stop(): Promise<Watched> } {
  let stopped = false;
  const states = new Set<string>();
  const broken: string[] = [];
  let last: Looked | null = null;
  const look = async () => {
    const [found] = (await pool.query<Looked>(LOOK, [id])).rows;
    if (!found || states.has(found.snapshot)) return;
    states.add(found.snapshot);
    last = found;
    if (found.rows !== found.rows_in) broken.push(`${found.snapshot}: ${found.rows_in} rows in, ${found.rows} stored`);
    if ((found.rejects ?? '0') !== found.rows_rejected)
      broken.push(`${found.snapshot}: ${found.rows_rejected} set aside, ${found.rejects ?? 'none'} kept`);
    const told = (await metadataOf(found.location))?.snapshots.find(
      (each) => String(each['snapshot-id']) === found.snapshot,
    );
    const offsets = told?.summary['datacraft.offsets'];
    if (told && JSON.stringify(JSON.parse(offsets ?? 'null')) !== JSON.stringify(found.offsets))
      broken.push(
        `${found.snapshot}: the table says ${offsets ?? 'nothing'}, the stream ${JSON.stringify(found.offsets)}`,
      );
  };
  const looking = (async () => {
    while (!stopped) {
      await look();
      await sleep(50);
    }
    await look();
  })();
  return {
    async stop() {
      stopped = true;
      await looking;
      const metadata = last ? await metadataOf((last as Looked).location) : null;
      return {
        commits: states.size,
        broken,
        metadataBytes: metadata ? JSON.stringify(metadata).length : 0,
        states: metadata?.snapshots.length ?? 0,
        sequence: metadata?.['last-sequence-number'] ?? 0,
      };
    },
  };
}

/** Null when the file was let go meanwhile. */
async function metadataOf(location: string): Promise<Metadata | null> {
  const text = await readFile(fileURLToPath(location), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Metadata);
}
