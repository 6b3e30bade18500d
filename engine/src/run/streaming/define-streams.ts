import { Fault, say } from '@datacraft/shared';
import type { DuckSession } from '../../duckdb/session.ts';
import type { StreamTimes } from '../../store/stream-memory.ts';
import type { FedStream, Feeding } from './feeding.ts';
import { keptSql, lateWhere, microsSql, tablesOf } from './statements.ts';
import type { Came } from './watermark.ts';
import { advanced } from './watermark.ts';

/** A stream with a time, in the session. */
export interface DefinedStream {
  readonly name: string;
  readonly index: number;
  /** The event time of its rows in microseconds, as SQL. */
  readonly micros: string;
  /** Which of its incoming rows are late; null when none came. */
  readonly late: string | null;
  readonly lateRows: number;
  readonly times: StreamTimes;
}

/** Puts what came into tables of the session, and beside it, for each stream, all that is computed from. */
export async function defineStreams(
  session: DuckSession,
  { streams, memory, state }: Feeding,
  nowMs: number,
): Promise<DefinedStream[]> {
  const defined: DefinedStream[] = [];
  for (const [index, stream] of streams.entries()) {
    const { incoming, rows } = tablesOf(index);
    const kept = state === null ? null : keptSql(state.scan, stream.name);
    const scan = stream.incoming?.scan ?? `select * from (${kept ?? ''}) where false`;
    await session.run(`create table ${incoming} as ${scan}`);
    const micros = await microsOf(session, stream, incoming);
    const late = lateWhere(micros, memory?.boundUs ?? null);
    const more = kept === null ? '' : ` union all by name (${kept})`;
    await session.run(`create table ${rows} as select * from ${incoming} where not coalesce(${late}, false)${more}`);
    const came = await cameOf(session, incoming, micros, late);
    const lateRows = [...came.values()].reduce((sum, each) => sum + each.late, 0);
    if (stream.time === null) throw new Error(`the stream ${stream.name} has no time`);
    const times = advanced(memory?.times[stream.name], came, stream.time.watermark, nowMs);
    const { name } = stream;
    defined.push({ name, index, micros, late: stream.incoming === null ? null : late, lateRows, times });
  }
  return defined;
}

async function microsOf(session: DuckSession, { time, name }: FedStream, table: string): Promise<string> {
  if (time === null) throw new Fault('internal', say('the stream {name} has no event time', { name }));
  return microsSql(time.column, await session.describe(`select * from ${table}`), name);
}

async function cameOf(session: DuckSession, incoming: string, micros: string, late: string): Promise<Came> {
  const columns = await session.describe(`select * from ${incoming}`);
  const parts = ['_topic', '_partition'].filter((part) => columns.some(({ name }) => name === part));
  const partition =
    parts.length === 0 ? `'0'` : parts.map((part) => `coalesce("${part}"::varchar, '0')`).join(` || ':' || `);
  const page = await session.rows(
    `select ${partition}, max(${micros})::double, (count(*) filter (${late}))::double from ${incoming} group by 1`,
  );
  return new Map(
    page.rows.map(([name, us, late]) => [
      String(name),
      { latestUs: us === null ? null : Number(us), late: Number(late) },
    ]),
  );
}
