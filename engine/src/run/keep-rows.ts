import type { Column } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import { contractOf } from '../expectation/contract.ts';
import type { Judgement } from '../expectation/judge.ts';
import type { JudgedWork } from './judged.ts';
import { judged } from './judged.ts';

export interface KeptRows {
  readonly judgement: Judgement;
  /** What stands in a FROM: the rows that stay, in the shape that the contract gives them. */
  readonly kept: string;
}

/** Judges the rows of the session's `__judged` by the cell's rules and its contract. Throws when they may not be published. */
export async function keepRows(work: JudgedWork, columns: readonly Column[]): Promise<KeptRows> {
  const { cell, relation, task } = work;
  const published = task.known.published.get(relationName(relation));
  const contract = contractOf(cell.spec.contract, columns, published?.columns ?? null);
  const judgement = await judged(work, contract?.rules ?? []);
  const stays = judgement.removed === 0 || judgement.split === null ? '"__judged"' : `(${judgement.split.keep})`;
  const shape = contract?.shape(stays, judgement.checks) ?? null;
  return { judgement, kept: shape === null ? stays : `(${shape})` };
}
