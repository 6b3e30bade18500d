import type { Column, ModelLookup, RelationRef } from '@datacraft/shared';
import { Fault, relationName, say, sqlName } from '@datacraft/shared';
import type { ModelCell } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import type { FeatureFacts, JoinedTable } from '../materialize/feature-table.ts';
import { entityOf, featureColumns, pointInTime } from '../materialize/feature-table.ts';
import { kindOf } from '../model/role.ts';
import type { TaskContext } from './execute.ts';
import type { Upstream } from './upstream.ts';

export interface Looked {
  /** The rows with the features that were known at their time. */
  readonly select: string;
  readonly lookups: readonly ModelLookup[];
}

/** What a model learns from: its rows, joined with its feature tables as of their time. */
export async function withFeatures(
  cell: ModelCell,
  session: DuckSession,
  upstream: Upstream,
  task: TaskContext,
): Promise<Looked> {
  const names = [cell.spec.feature_tables ?? []].flat();
  const { select } = upstream.chain;
  if (names.length === 0) return { select, lookups: [] };
  const time = cell.spec.time_column ?? '';
  const columns = await session.describe(select);
  const tables: JoinedTable[] = [];
  const lookups: ModelLookup[] = [];
  for (const name of names) {
    const { ref, facts } = factsOf(name, task, upstream);
    const features = featureColumns(facts, await session.describe(`select * from ${sqlName(name)}`));
    refuseUnfit(cell, name, { facts, features }, [...columns, ...tables.flatMap((table) => table.features)]);
    tables.push({ relation: sqlName(name), facts, features });
    lookups.push({
      relation: relationName(ref),
      entity: entityOf(facts),
      features: features.filter(({ type }) => kindOf(type) !== null).map((feature) => feature.name),
      ttl: facts.ttl ?? null,
    });
  }
  return { select: pointInTime(select, time, tables), lookups };
}

function factsOf(
  name: string,
  { graph }: TaskContext,
  { opened }: Upstream,
): { ref: RelationRef; facts: FeatureFacts } {
  const own =
    graph.cells.get(name) ??
    [...graph.cells.values()].find(({ relation }) => relation !== null && relationName(relation) === name);
  const found = isSelectCell(own)
    ? { ref: own.relation, facts: own.spec.feature_table }
    : { ref: opened.get(name)?.ref ?? null, facts: opened.get(name)?.feature };
  if (found.ref !== null && found.facts !== undefined) return { ref: found.ref, facts: found.facts };
  const message = say('`{name}` is no feature table: give its cell `feature_table: { entity, timestamp }`', { name });
  throw new Fault('query-failed', message);
}

function refuseUnfit(
  { spec }: ModelCell,
  name: string,
  { facts, features }: Pick<JoinedTable, 'facts' | 'features'>,
  columns: readonly Column[],
): void {
  const has = (wanted: string) => columns.some((column) => column.name === wanted);
  const missing = [...entityOf(facts), spec.time_column ?? ''].find((wanted) => !has(wanted));
  if (missing !== undefined) {
    const message = say('`{from}` has no column `{missing}`, by which `{name}` is looked up: add it', {
      from: spec.from,
      missing,
      name,
    });
    throw new Fault('query-failed', message);
  }
  const clash = features.find((feature) => has(feature.name));
  if (clash === undefined) return;
  const message = say('`{name}` is a column of `{from}` and of `{other}`: leave one out, or rename it', {
    name: clash.name,
    from: spec.from,
    other: name,
  });
  throw new Fault('query-failed', message);
}
