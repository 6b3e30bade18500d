/** What the database says at this moment: the queue, tables and their age, streams, checks that fail, alerts. */
import type { Queryable } from '@datacraft/engine';
import { listStreams } from '@datacraft/engine';
import type { Family } from './exposition.ts';
import { family } from './exposition.ts';
import { streamFamilies } from './streams.ts';

/** Tables beyond these are in the totals alone. */
const TABLES_SHOWN = 500;

interface QueueRow {
  state: string;
  count: number;
  oldest: number | null;
}
interface TableRow {
  table: string;
  rows: number;
  age: number;
}

/** `named`: with series that name tables, which strangers are not told. */
export async function presentFamilies(db: Queryable, named: boolean): Promise<Family[]> {
  const queue = await queueFamilies(db);
  const streams = await listStreams(db);
  return [
    ...queue,
    ...(await tableFamilies(db, named)),
    ...streamFamilies(streams, named, Date.now()),
    ...(await alertFamilies(db)),
  ];
}

async function queueFamilies(db: Queryable): Promise<Family[]> {
  const { rows } = await db.query<QueueRow>(
    `select state, count(*)::int as count,
            extract(epoch from now() - min(case state when 'queued' then created_at when 'running' then started_at end))::float8 as oldest
       from runs group by state`,
  );
  const of = (state: string) => rows.find((row) => row.state === state);
  const waiting = ['queued', 'running'] as const;
  return [
    family(
      'datacraft_runs',
      'gauge',
      'Runs that are kept, by state',
      rows.map((row) => [{ state: row.state }, row.count]),
    ),
    family(
      'datacraft_queue_runs',
      'gauge',
      'Runs that wait or are under way',
      waiting.map((state) => [{ state }, of(state)?.count ?? 0]),
    ),
    family(
      'datacraft_queue_oldest_seconds',
      'gauge',
      'How long the oldest of them waits or runs',
      waiting.map((state) => [{ state }, Math.max(0, of(state)?.oldest ?? 0)]),
    ),
  ];
}

async function tableFamilies(db: Queryable, named: boolean): Promise<Family[]> {
  const { rows } = await db.query<TableRow>(
    `select layer || '.' || name as table, row_count::float8 as rows, extract(epoch from now() - published_at)::float8 as age
       from relations where kind = 'table' order by published_at desc limit ${TABLES_SHOWN}`,
  );
  const { rows: totals } = await db.query<{ layer: string; count: number; rows: number; oldest: number }>(
    `select layer, count(*)::int as count, sum(row_count)::float8 as rows,
            max(extract(epoch from now() - published_at))::float8 as oldest
       from relations where kind = 'table' group by layer`,
  );
  const failing = await failingChecks(db);
  const total = failing.reduce((sum, [, count]) => sum + count, 0);
  const shown = new Set(rows.map((row) => row.table));
  const families = [
    family(
      'datacraft_tables',
      'gauge',
      'Published tables',
      totals.map((row) => [{ layer: row.layer }, row.count]),
    ),
    family(
      'datacraft_layer_rows',
      'gauge',
      'Rows of all published tables',
      totals.map((row) => [{ layer: row.layer }, row.rows]),
    ),
    family(
      'datacraft_layer_oldest_seconds',
      'gauge',
      'Since the table that waits longest was published',
      totals.map((row) => [{ layer: row.layer }, row.oldest]),
    ),
    family('datacraft_checks_failing', 'gauge', 'Expectations whose last answer was not a pass', [[{}, total]]),
  ];
  if (!named) return families;
  return [
    ...families,
    family(
      'datacraft_table_freshness_seconds',
      'gauge',
      'Since the table was published',
      rows.map((row) => [{ table: row.table }, row.age]),
    ),
    family(
      'datacraft_table_rows',
      'gauge',
      'Rows of the table',
      rows.map((row) => [{ table: row.table }, row.rows]),
    ),
    family(
      'datacraft_table_checks_failing',
      'gauge',
      'Its expectations whose last answer was not a pass',
      failing.filter(([table]) => shown.has(table)).map(([table, count]) => [{ table }, count]),
    ),
  ];
}

async function failingChecks(db: Queryable): Promise<(readonly [string, number])[]> {
  const { rows } = await db.query<{ table: string; count: number }>(
    `select r.layer || '.' || r.name as table, count(*) filter (where c ->> 'status' <> 'passed')::int as count
       from relations r cross join lateral (
         select t.report from tasks t join runs on runs.id = t.run_id
          where t.relation = r.layer || '.' || r.name and t.report ? 'checks'
            and runs.owner_key not like 'notebook:brn\\_%' and runs.environment is null order by t.finished_at desc nulls last limit 1) last
       cross join lateral jsonb_array_elements(last.report -> 'checks') c group by 1`,
  );
  return rows.map((row) => [row.table, row.count]);
}

async function alertFamilies(db: Queryable): Promise<Family[]> {
  const { rows } = await db.query<{ state: string; severity: string; count: number }>(
    `select a.state, r.severity, count(*)::int as count from alerts a join alert_rules r on r.id = a.rule_id
      where a.state <> 'resolved' group by 1, 2`,
  );
  const { rows: waiting } = await db.query<{ state: string; count: number }>(
    `select state, count(*)::int as count from alert_deliveries where state <> 'sent' group by 1`,
  );
  return [
    family(
      'datacraft_alerts',
      'gauge',
      'Alerts of our own rules that are pending or fire',
      rows.map((row) => [{ state: row.state, severity: row.severity }, row.count]),
    ),
    family(
      'datacraft_alert_messages_unsent',
      'gauge',
      'Messages that wait or were given up',
      ['waiting', 'failed'].map((state) => [{ state }, waiting.find((row) => row.state === state)?.count ?? 0]),
    ),
  ];
}
