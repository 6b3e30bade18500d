import type { Graph, SqlCell } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import type { Interval, IntervalRule } from '../materialize/interval.ts';
import { floorTo, intervalRule, owedIntervals } from '../materialize/interval.ts';
import { isFault, relationName } from '@datacraft/shared';
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

/** What a run makes of a cell's intervals. */
export interface IntervalWork {
  readonly rule: IntervalRule;
  readonly made: readonly Interval[];
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
    nowMs: task.deps.now().getTime(),
    covered: anew || known === undefined ? new Set() : known,
    ...(interval ? { again: interval } : {}),
  });
  return { rule, made, anew };
}
