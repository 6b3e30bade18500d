import { dimensionFactsOf } from '@datacraft/shared';
import type { RelationRef } from '@datacraft/shared';
import type { SqlCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import type { Judgement } from '../expectation/judge.ts';
import type { CompiledRule } from '../expectation/rule.ts';
import type { Definition } from '../store/relations.ts';
import type { TaskContext } from './execute.ts';
import { ExpectationFault } from './expectation-fault.ts';
import { judgeCell, refusalMessage } from './task.ts';

export interface JudgedWork {
  readonly cell: SqlCell;
  readonly relation: RelationRef;
  readonly task: TaskContext;
  readonly session: DuckSession;
}

/** The rules of a cell over the session's view `__judged`; `there` are rows that are in the table already and stay. */
export async function judged(
  { cell, session, task }: JudgedWork,
  contract: readonly CompiledRule[],
  there: { readonly beside?: string; readonly apart?: boolean } = {},
): Promise<Judgement> {
  const judgement = await judgeCell({ session, cell, relation: '"__judged"', contract, ...there }, task.deps);
  if (!judgement.mayPublish) throw new ExpectationFault(judgement.checks, refusalMessage(judgement.checks));
  return judgement;
}

/** What is remembered of a cell with its rows. */
export function definitionOf(cell: SqlCell): Definition {
  const dimension = dimensionFactsOf(cell.spec);
  const { feature_table: feature } = cell.spec;
  return {
    meaning: cell.meaning,
    ...(dimension === undefined ? {} : { dimension }),
    ...(feature === undefined ? {} : { feature }),
  };
}
