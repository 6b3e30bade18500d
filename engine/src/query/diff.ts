/**
 * What changed between two states of a table: rows by their key, or, without one, by all their values.
 *
 * D1  Every row of either state is added, removed, changed or the same; counts are of all rows, the rows shown are some.
 */
import type { Column, RelationRef, TableDiff } from '@datacraft/shared';
import { Fault, quoteIdentifier, relationName, say } from '@datacraft/shared';
import { loadTable } from '../iceberg/load-table.ts';
import { scanSql } from '../iceberg/scan.ts';
import type { TableState } from '../iceberg/table.ts';
import type { AsOf } from '../run/warehouse.ts';
import type { Database } from '../store/database.ts';
import { withPrivateSession } from './private-session.ts';
import type { QueryDeps } from './query.ts';

export interface DiffRequest {
  readonly ref: RelationRef;
  /** Default: as it is now. */
  readonly from?: AsOf;
  /** Where `from` is published, if not where `to` is: main beside a branch. */
  readonly fromDb?: Database;
  /** Default: as it is now. */
  readonly to?: AsOf;
  /** Columns that tell one row from another; empty: all of them. */
  readonly key: readonly string[];
  /** Rows shown of each kind. */
  readonly limit: number;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export async function diffTable(request: DiffRequest, deps: QueryDeps): Promise<TableDiff> {
  const [from, to] = await Promise.all([
    stateOf(request, request.from, { ...deps, db: request.fromDb ?? deps.db }),
    stateOf(request, request.to, deps),
  ]);
  const shared = to.columns.filter(({ name }) => from.columns.some((column) => column.name === name));
  const key = keyOf(request, shared);
  const options = { readable: [...from.files, ...to.files], timeoutMs: request.timeoutMs, signal: request.signal };
  return withPrivateSession(options, deps, async (session) => {
    await session.run(matchedSql(from, to, shared, key));
    const values = shared.filter(({ name }) => !key.includes(name));
    const differs = values.map(({ name }) => `count(*) filter ("__kind" = 'changed' and ${otherSql(name)})`);
    const counts = ['added', 'removed', 'changed', 'same'].map((kind) => `count(*) filter ("__kind" = '${kind}')`);
    const page = await session.rows(`select ${[...counts, ...differs].join(', ')} from "__matched"`);
    const numbers = (page.rows[0] ?? []).map(Number);
    const [added = 0, removed = 0, changed = 0, same = 0] = numbers;
    const changedBy = values
      .map(({ name }, at) => [name, numbers[at + 4] ?? 0] as const)
      .filter(([, count]) => count > 0);
    return {
      added,
      removed,
      changed,
      same,
      columnsAdded: missingIn(to.columns, from.columns),
      columnsRemoved: missingIn(from.columns, to.columns),
      changedBy: Object.fromEntries(changedBy),
      sample: await session.rows(sampleSql(shared, request.limit)),
    };
  });
}

async function stateOf({ ref }: DiffRequest, asOf: AsOf | undefined, deps: QueryDeps): Promise<TableState> {
  const table = await loadTable(deps.db, deps.lake, ref, asOf);
  if (table) return table;
  throw new Fault('not-found', say('there is no table {table}', { table: relationName(ref) }));
}

function keyOf({ key, ref }: DiffRequest, shared: readonly Column[]): string[] {
  const names = shared.map(({ name }) => name);
  if (key.length === 0) return names;
  return key.map((name) => {
    const found = names.find((each) => each.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
    throw new Fault(
      'bad-request',
      say('key: {table} has no column {name} in both states; it has {names}', {
        table: relationName(ref),
        name,
        names: names.join(', '),
      }),
      {
        field: 'key',
      },
    );
  });
}

/** Rows side by side. Rows of one key that are there more than once are told apart by their number among them. */
function matchedSql(from: TableState, to: TableState, shared: readonly Column[], key: readonly string[]): string {
  const names = shared.map(({ name }) => quoteIdentifier(name));
  const keys = key.map(quoteIdentifier);
  const numbered = (scan: string) =>
    `select ${names.join(', ')}, row_number() over (partition by ${keys.join(', ')} order by ${names.join(', ')}) as "__n" from (${scan})`;
  const on = [...keys, '"__n"'].map((name) => `a.${name} is not distinct from b.${name}`).join(' and ');
  const same = names.map((name) => `a.${name} is not distinct from b.${name}`).join(' and ');
  const kind = `case when a."__n" is null then 'added' when b."__n" is null then 'removed' when ${same} then 'same' else 'changed' end`;
  const sides = names.flatMap((name) => [`a.${name} as ${sideName('a', name)}`, `b.${name} as ${sideName('b', name)}`]);
  return `create table "__matched" as select ${[`${kind} as "__kind"`, ...sides].join(', ')}
from (${numbered(scanSql(from))}) a full join (${numbered(scanSql(to))}) b on ${on}`;
}

function sideName(side: 'a' | 'b', quoted: string): string {
  return `"${side}:${quoted.slice(1)}`;
}

function otherSql(name: string): string {
  const quoted = quoteIdentifier(name);
  return `${sideName('a', quoted)} is distinct from ${sideName('b', quoted)}`;
}

function sampleSql(shared: readonly Column[], limit: number): string {
  const of = (side: 'a' | 'b') =>
    shared.map(({ name }) => `${sideName(side, quoteIdentifier(name))} as ${quoteIdentifier(name)}`).join(', ');
  const some = (kind: string, change: string, side: 'a' | 'b') =>
    `(select '${change}' as "change", ${of(side)} from (select * from "__matched" where "__kind" = '${kind}' order by all limit ${limit}))`;
  return [
    some('added', 'added', 'b'),
    some('removed', 'removed', 'a'),
    some('changed', 'before', 'a'),
    some('changed', 'after', 'b'),
  ].join(' union all ');
}

function missingIn(columns: readonly Column[], others: readonly Column[]): string[] {
  return columns.flatMap(({ name }) => (others.some((other) => other.name === name) ? [] : [name]));
}
