import type { Graph, SqlCell } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import type { Interval, IntervalRule, OwedInterval } from '../materialize/interval.ts';
import {
  floorTo,
  intervalRule,
  owedIntervals,
  partialInterval,
  rangesOf,
  touches,
  withinSql,
} from '../materialize/interval.ts';
import { Fault, isFault, quoteIdentifier, relationName, say } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import type { TaskContext } from './execute.ts';

/** The rule of a cell that records its intervals; null for others, and for one whose keys are wrong: its task says so. */
export function ruleOf(cell: SqlCell): IntervalRule | null {
  try {
    return intervalRule(cell.spec);
  } catch (error) {
    if (isFault(error, 'bad-request')) return null;
    throw error;
  }
}

/** Up to when each cell that records intervals owes rows, by name: what makes it stale as time goes by. */
export function horizonsOf(graph: Graph, now: Date): Map<string, string> {
  const horizons = new Map<string, string>();
  for (const cell of graph.cells.values()) {
    const rule = isSelectCell(cell) ? ruleOf(cell) : null;
    if (rule) horizons.set(cell.name, new Date(floorTo(rule.unit, now.getTime())).toISOString());
  }
  return horizons;
}

/** Of each cell that makes the interval under way, by name, that interval; of a backfill, where it is in its range. */
export function partialsOf(graph: Graph, now: Date, range?: Interval): Map<string, Interval> {
  const partials = new Map<string, Interval>();
  for (const cell of graph.cells.values()) {
    const rule = isSelectCell(cell) ? ruleOf(cell) : null;
    const partial = rule === null ? null : partialInterval(rule, now.getTime());
    if (partial !== null && (range === undefined || touches(partial, range))) partials.set(cell.name, partial);
  }
  return partials;
}

/** What a run makes of a cell's intervals. */
export interface IntervalWork {
  readonly rule: IntervalRule;
  readonly made: readonly OwedInterval[];
  /** The table begins anew: its text changed, or everything is refreshed. */
  readonly anew: boolean;
}

export function intervalWork(cell: SqlCell, anew: boolean, task: TaskContext): IntervalWork | null {
  const rule = intervalRule(cell.spec);
  if (rule === null || cell.relation === null) return null;
  const known = task.known.covered.get(relationName(cell.relation));
  const { interval } = task.options;
  const made = owedIntervals({
    rule,
    nowMs: task.plannedAt.getTime(),
    covered: anew || known === undefined ? new Set() : known,
    ...(interval ? { again: interval } : {}),
  });
  return { rule, made, anew };
}

/** Whether a row of this SELECT is of what the run makes. Throws for a `time_column` that is none of its columns. */
export async function withinIntervals(
  session: DuckSession,
  select: string,
  { rule, made }: IntervalWork,
): Promise<string> {
  const columns = await session.describe(select);
  const column = columns.find(({ name }) => name.toLowerCase() === rule.column.toLowerCase());
  if (!column) {
    const names = columns.map(({ name }) => name).join(', ');
    throw new Fault(
      'bad-request',
      say('time_column names {column}, which is no column; its columns are {names}', { column: rule.column, names }),
    );
  }
  return withinSql(quoteIdentifier(column.name), column.type, rangesOf(made));
}
