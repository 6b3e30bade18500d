import type { RelationRef } from '@datacraft/shared';
import { quoteIdentifier, relationName } from '@datacraft/shared';
import type { ModelCell, SqlCell } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import { isStored } from '../compile/upstream.ts';
import type { Interval } from '../materialize/interval.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { defineChain } from '../query/place.ts';
import type { ReadChain } from '../read/read-chain.ts';
import { readChain } from '../read/read-chain.ts';
import type { Readable } from './context.ts';
import type { TaskContext } from './execute.ts';

/** All that a cell's task reads. */
export interface Upstream {
  /** By `layer.name`. */
  readonly opened: ReadonlyMap<string, Readable>;
  readonly chain: ReadChain;
}

/** Opens everything the cell reads, also through cells that are inlined and for `relationships` rules. */
export async function openUpstream(
  cell: SqlCell | ModelCell,
  task: TaskContext,
  interval: Interval | null = null,
): Promise<Upstream> {
  const opened = new Map<string, Readable>();
  for (const ref of relationsRead(cell, task)) {
    const readable = await task.readable(ref);
    if (readable) opened.set(relationName(ref), readable);
  }
  const own = cell.relation ? relationName(cell.relation) : '';
  const chain = readChain(task.graph, cell.name, {
    params: task.options.params,
    today: task.deps.now().toISOString().slice(0, 10),
    published: (relation) => (relation === own ? null : (opened.get(relation) ?? null)),
    trustStored: true,
    asWritten: cell.name,
    intervalOf: (name) => (name === cell.name ? interval : null),
  });
  return { opened, chain };
}

function relationsRead(cell: SqlCell | ModelCell, { graph }: TaskContext): RelationRef[] {
  const seen = new Set<string>();
  const refs: RelationRef[] = [...cell.tables, ...cell.sides];
  const todo = [...cell.dependsOn];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const upstream = graph.cells.get(name);
    if (!upstream || seen.has(name)) continue;
    seen.add(name);
    if (isStored(upstream) && upstream.relation) refs.push(upstream.relation);
    else {
      todo.push(...upstream.dependsOn);
      refs.push(...upstream.tables, ...upstream.sides);
    }
  }
  return refs;
}

/** Defines the chain's views, and those that only `relationships` rules look at. */
export async function defineUpstream(
  session: DuckSession,
  { chain, opened }: Upstream,
  task: TaskContext,
): Promise<void> {
  await defineChain(session, chain, (name) => textOf(task, name));
  const defined = new Set(chain.views.map((view) => view.name));
  const missing = [...opened.values()].flatMap(({ ref, scan, setup = [] }) => {
    const layer = quoteIdentifier(ref.layer);
    const bare = quoteIdentifier(ref.name);
    const views = [bare, `${layer}.${bare}`].filter((name) => !defined.has(name));
    if (views.length === 0) return [];
    return [
      ...setup.map((statement) => statement.sql),
      `create schema if not exists ${layer}`,
      ...views.map((name) => `create view if not exists ${name} as (${scan}\n)`),
    ];
  });
  if (missing.length > 0) await session.run(missing.join(';\n'));
}

/** How many rows are read at most before they are joined; Infinity where that is not known. */
export function rowsRead({ opened }: Upstream): number {
  const known = [...opened.values()].map(({ rows }) => rows ?? Infinity);
  return known.length === 0 ? Infinity : known.reduce((sum, rows) => sum + rows, 0);
}

export function filesOf({ chain, opened }: Upstream): string[] {
  return [...new Set([...chain.files, ...[...opened.values()].flatMap((each) => each.files)])];
}

function textOf(task: TaskContext, name: string): string {
  const cell = task.graph.cells.get(name);
  return isSelectCell(cell) ? (cell.sql ?? '') : '';
}
