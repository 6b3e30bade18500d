import { open } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { RemoteAccess } from '../../engine/src/index.ts';
import { copyOut } from '../../engine/src/source/postgres/copy.ts';
import type { Bench } from './bench.ts';
import { contentOf, openBareDuckDb } from './bare-duckdb.ts';
import { comparePairs, spreadOf, timed } from './pairs.ts';
import { openBenchWorkspace } from './workspace.ts';

const ROWS = 2_000_000;

/** Name, type over there, and the expression of row `i`. */
const columns = [
  ['id', 'bigint', 'i'],
  ['customer', 'integer', '(i * 7919) % 50000'],
  ['day', 'date', `date '2023-01-01' + (i % 730)::integer`],
  ['at', 'timestamp', `timestamp '2024-01-01' + i * interval '1 second'`],
  ['channel', 'text', `(array['web', 'store', 'phone', 'partner'])[i % 4 + 1]`],
  ['amount', 'numeric(12,2)', '((i * 104729) % 10000000) / 100.0'],
  ['rate', 'double precision', '(i % 1000) / 7.0'],
  ['paid', 'boolean', 'i % 3 = 0'],
  ['parts', 'smallint', 'i % 9'],
  ['note', 'text', `'order ' || i || ' of customer ' || (i * 7919) % 50000`],
] as const;

/** What DuckDB calls them, for the peer. */
const types = 'BIGINT,INTEGER,DATE,TIMESTAMP,VARCHAR,DECIMAL(12,2),DOUBLE,BOOLEAN,SMALLINT,VARCHAR'.split(/,(?!\d)/);

/** A table of PostgreSQL to a published table, against COPY to a file and bare DuckDB from that file to Parquet. */
export const extract: Bench = {
  goal: 'PostgreSQL to published table: ≥ 500 k rows/s of 10 columns',
  async measure({ pairs, say }) {
    const workspace = await openBenchWorkspace();
    const duck = await openBareDuckDb(workspace);
    const client = new pg.Client({ connectionString: workspace.databaseUrl });
    try {
      await client.connect();
      const made = columns.map(([name, type, value]) => `(${value})::${type} as ${name}`).join(', ');
      await client.query(`create table bench_orders as select ${made} from generate_series(1, ${ROWS}::bigint) i`);
      await client.query('vacuum analyze bench_orders');
      say(`generated ${ROWS} rows`);
      const csv = join(workspace.dir, 'peer.csv');
      const output = join(workspace.dir, 'peer.parquet');
      const read = columns.map(([name], at) => `'${name}': '${types[at] ?? ''}'`).join(', ');
      const copyMs: number[] = [];
      const peer = async () => {
        const { ms } = await timed(async () => {
          const copied = await timed(() => copyToFile(client, csv));
          copyMs.push(copied.ms);
          await duck.run(
            `copy (select * replace (parts::integer as parts) from read_csv('${csv}', header = false, columns = {${read}})) to '${output}' (format parquet, compression zstd)`,
          );
        });
        return { ms, result: await contentOf(duck, [output]) };
      };
      const remote = accessTo(workspace.databaseUrl);
      const text = notebookText(workspace.databaseUrl);
      const ours = async () => {
        const { ms } = await timed(() => workspace.run(text, { deps: { remote } }));
        return { ms, result: await contentOf(duck, await workspace.filesOf('bronze', 'bench_orders')) };
      };
      const peerName = `COPY to a file, ${duck.name} to Parquet`;
      const compared = await comparePairs(
        'a whole table',
        { name: 'run path', run: ours },
        { name: peerName, run: peer },
        pairs,
      );
      return {
        facts: { rows: ROWS, columns: columns.length, threads: workspace.threads, memoryMb: workspace.memoryMb },
        comparisons: [compared],
        figures: {
          'run path, thousand rows/s': ROWS / compared.oursMs,
          'COPY to a file alone, thousand rows/s': ROWS / spreadOf(copyMs).median,
        },
      };
    } finally {
      await client.end();
      duck.close();
      await workspace.close();
    }
  },
};

/** What `\copy` of psql does. Rows are views of the connection's buffer, which the next one overwrites. */
async function copyToFile(client: pg.Client, path: string): Promise<void> {
  const file = await open(path, 'w');
  let rows: Buffer[] = [];
  let bytes = 0;
  const flush = async () => {
    const full = Buffer.concat(rows);
    [rows, bytes] = [[], 0];
    await file.write(full);
  };
  await copyOut(client, 'copy bench_orders to stdout (format csv)', (row) => {
    rows.push(Buffer.from(row));
    bytes += row.length;
    return bytes < 1_000_000 ? null : flush();
  });
  await flush();
  await file.close();
}

export function accessTo(url: string): RemoteAccess {
  const { hostname, password } = new URL(url);
  return {
    allowedHosts: [hostname],
    secret: () => Promise.resolve(decodeURIComponent(password)),
    connection: (name) => Promise.reject(new Error(`this bench has no connection ${name}`)),
    events: () => Promise.resolve([]),
  };
}

function notebookText(url: string): string {
  const { hostname, port, username, pathname } = new URL(url);
  const spec = {
    type: 'postgres',
    host: hostname,
    port,
    user: username,
    password: 'secret://bench',
    database: pathname.slice(1),
    sslmode: 'disable',
    table: 'bench_orders',
  };
  const lines = Object.entries(spec).map(([key, value]) => `${key}: ${value}`);
  return `---\ndatacraft: 1\ntitle: bench\n---\n\n\`\`\`source bench_orders\n${lines.join('\n')}\n\`\`\`\n`;
}
