import type { TableLedger } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { CompiledCell, Graph } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import type { Interval, IntervalRule } from '../materialize/interval.ts';
import { completeIntervals, floorTo, nextOf, partialInterval, rangesOf, touches } from '../materialize/interval.ts';
import type { Queryable } from '../store/database.ts';
import { loadRecorded } from '../store/intervals.ts';
import { ruleOf } from './interval-cells.ts';

interface RecordingCell {
  readonly cell: string;
  readonly relation: string;
  readonly rule: IntervalRule;
}

export interface LedgerRequest {
  readonly graph: Graph;
  /** Names of cells; all of them when it is left out. */
  readonly only?: ReadonlySet<string>;
  readonly now: Date;
  /** What to look at; default is all since the cell's `start`. */
  readonly range?: Interval;
}

/** What the tables of a notebook's cells have of the intervals that a run would make by now, and what they lack. */
export async function ledgerOf(db: Queryable, { graph, only, now, range }: LedgerRequest): Promise<TableLedger[]> {
  const cells = [...graph.cells.values()].filter((cell) => only?.has(cell.name) ?? true).flatMap(recording);
  const refs = cells.flatMap(({ cell }) => graph.cells.get(cell)?.relation ?? []);
  const ledger = await loadRecorded(db, refs);
  return cells.map(({ cell, relation, rule }) => {
    const underWay = partialInterval(rule, now.getTime());
    const inRange = [...completeIntervals(rule, now.getTime()), ...(underWay === null ? [] : [underWay])].filter(
      (each) => range === undefined || touches(each, range),
    );
    const { complete, partial } = ledger.get(relation) ?? { complete: new Set(), partial: new Set() };
    const made = inRange.filter(({ startMs }) => complete.has(startMs));
    const begun = inRange.filter(({ startMs }) => partial.has(startMs));
    const owed = inRange.filter(({ startMs }) => !complete.has(startMs) && !partial.has(startMs));
    return {
      cell,
      table: relation,
      unit: rule.unit,
      coveredCount: made.length,
      partialCount: begun.length,
      missingCount: owed.length,
      covered: rangesOf(made).map(written),
      partial: rangesOf(begun).map(written),
      missing: rangesOf(owed).map(written),
    };
  });
}

/** A range cut where the longest interval of its cells begins anew; null when none records intervals. */
export function cutByIntervals(graph: Graph, only: ReadonlySet<string> | undefined, range: Interval, most: number) {
  const rules = [...graph.cells.values()].filter((cell) => only?.has(cell.name) ?? true).flatMap(recording);
  const lengthOf = ({ rule }: RecordingCell) => nextOf(rule.unit, 0) - floorTo(rule.unit, 0);
  const [longest] = rules.toSorted((a, b) => lengthOf(b) - lengthOf(a));
  if (longest === undefined) return null;
  const { unit } = longest.rule;
  const borders = [range.startMs];
  for (let at = nextOf(unit, floorTo(unit, range.startMs)); at < range.endMs; at = nextOf(unit, at)) {
    borders.push(at);
    if (borders.length > most) break;
  }
  return [...borders, range.endMs];
}

function recording(cell: CompiledCell): RecordingCell[] {
  const rule = isSelectCell(cell) ? ruleOf(cell) : null;
  return rule === null || cell.relation === null
    ? []
    : [{ cell: cell.name, relation: relationName(cell.relation), rule }];
}

function written({ startMs, endMs }: Interval): { start: string; end: string } {
  return { start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() };
}
