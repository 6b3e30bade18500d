import type { Column } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { SqlCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { contractOf } from '../expectation/contract.ts';
import type { Judgement } from '../expectation/judge.ts';
import { ExpectationFault } from './expectation-fault.ts';
import type { TaskContext } from './execute.ts';
import { judgeCell, refusalMessage } from './task.ts';

export interface KeptRows {
  readonly judgement: Judgement;
  /** What stands in a FROM: the rows that stay, in the shape that the contract gives them. */
  readonly kept: string;
  /** All rows stay as they were made. */
  readonly isWhole: boolean;
}

/** Judges the rows of `made` by the cell's rules and its contract. Throws when they may not be published. */
export async function keepRows(
  session: DuckSession,
  cell: SqlCell,
  made: { readonly name: string; readonly columns: readonly Column[] },
  task: TaskContext,
): Promise<KeptRows> {
  const published = cell.relation && task.known.published.get(relationName(cell.relation));
  const contract = contractOf(cell.spec.contract, made.columns, published?.columns ?? null);
  const judgement = await judgeCell(session, cell, made.name, contract?.rules ?? [], task.deps);
  if (!judgement.mayPublish) throw new ExpectationFault(judgement.checks, refusalMessage(judgement.checks));
  const stays = judgement.removed === 0 || judgement.split === null ? made.name : `(${judgement.split.keep})`;
  const shape = contract?.shape(stays, judgement.checks) ?? null;
  return {
    judgement,
    kept: shape === null ? stays : `(${shape})`,
    isWhole: judgement.removed === 0 && shape === null,
  };
}
