import { copyOut } from '../../engine/src/source/postgres/copy.ts';
import { parseChange } from '../../engine/src/source/postgres/pgoutput.ts';
import type { Bench } from './bench.ts';
import { openBareDuckDb } from './bare-duckdb.ts';
import { measureLag } from './cdc-lag.ts';
import { accessTo } from './extract.ts';
import type { FollowedSource } from './followed.ts';
import { openFollowedSource, TABLE } from './followed.ts';
import { comparePairs, timed } from './pairs.ts';
import { openBenchWorkspace } from './workspace.ts';

const ROWS = 100_000;
const CHANGES = 50_000;
const A_TRANSACTION = 50;

/** What changed in a table since the last run, against a bare reader of the same changes; and how late rows are. */
export const cdc: Bench = {
  goal: 'changes of PostgreSQL to a published table: rows a second of a catch-up, and how late a committed row is',
  async measure({ pairs, say }) {
    const workspace = await openBenchWorkspace();
    const duck = await openBareDuckDb(workspace);
    const source = await openFollowedSource(ROWS);
    try {
      const text = notebookOf(source.url);
      const deps = { remote: accessTo(source.url) };
      const run = () => workspace.run(text, { fullRefresh: false, deps });
      await run();
      say(`read ${ROWS} rows`);
      const here = async (what: string) => {
        const files = (await workspace.filesOf('bronze', TABLE)).map((file) => `'${file}'`).join(', ');
        const [row] = await duck.rows(`select ${what} as found from read_parquet([${files}])`);
        return String(row?.['found']);
      };
      let next = ROWS + 1;
      const written = new Set<number>();
      const ready = async (round: number) => {
        if (written.has(round)) return;
        written.add(round);
        for (let at = 0; at < CHANGES / A_TRANSACTION; at += 1) {
          await source.write(next, A_TRANSACTION);
          next += A_TRANSACTION;
        }
      };
      const ours = {
        name: 'a run',
        async run(round: number) {
          await ready(round);
          const { ms } = await timed(run);
          const found = await here('count(*)::varchar || sum(id)::varchar || sum(amount)::varchar');
          return { ms, result: found === (await thereOf(source)) ? `${CHANGES} changes` : `not equal: ${found}` };
        },
      };
      const peer = {
        name: 'a bare reader of pgoutput',
        async run(round: number) {
          await ready(round);
          const { ms, value } = await timed(() => drain(source));
          return { ms, result: `${value} changes` };
        },
      };
      const compared = await comparePairs('a catch-up', ours, peer, pairs);
      const lag = await measureLag(source, next, async () => {
        await run();
        return Number(await here('max(id)'));
      });
      return {
        facts: { rows: ROWS, changes: CHANGES, aTransaction: A_TRANSACTION, threads: workspace.threads },
        comparisons: [compared],
        figures: {
          'a run, thousand changes/s': CHANGES / compared.oursMs,
          'a bare reader, thousand changes/s': CHANGES / compared.peerMs,
          ...lag,
        },
      };
    } finally {
      await source.close();
      duck.close();
      await workspace.close();
    }
  },
};

async function thereOf({ client }: FollowedSource): Promise<string> {
  const sums = 'count(*)::text || sum(id)::text || sum(amount)::text';
  const { rows } = await client.query<{ all: string }>(`select ${sums} as all from ${TABLE}`);
  return rows[0]?.all ?? '';
}

/** Takes every change out of a slot of its own and parses it; keeps nothing. */
async function drain({ client }: FollowedSource): Promise<number> {
  let changes = 0;
  const get = `select encode(data, 'hex') from pg_logical_slot_get_binary_changes('bench_peer', null, null,
    'proto_version', '1', 'publication_names', 'bench_peer')`;
  await copyOut(client, `copy (${get}) to stdout`, (line) => {
    const { kind } = parseChange(Buffer.from(line.toString('latin1').trimEnd(), 'hex'));
    if (kind === 'insert' || kind === 'update' || kind === 'delete') changes += 1;
    return null;
  });
  return changes;
}

function notebookOf(url: string): string {
  const { hostname, port, username, pathname } = new URL(url);
  const place = { host: hostname, port, user: username, password: 'secret://bench', database: pathname.slice(1) };
  const spec = { type: 'postgres', ...place, sslmode: 'disable', table: TABLE, mode: 'cdc' };
  const lines = Object.entries(spec).map(([key, value]) => `${key}: ${value}`);
  return `---\ndatacraft: 1\ntitle: bench\n---\n\n\`\`\`source ${TABLE}\n${lines.join('\n')}\n\`\`\`\n`;
}
