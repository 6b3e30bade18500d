import { byteOffsetToOffset } from '@datacraft/shared';

import { type EngineFailure, readFailure } from './failure.ts';
import type { Statement } from './statement.ts';

/** Places in what `judge` explains count from before the word. */
const EXPLAIN_LENGTH = 'EXPLAIN '.length;

/**
 * What an error of the engine says, its offset in the text as typed. `judge` explains the statement again and gives the
 * error that it ends with, or null.
 */
export async function placedFailure(
  statement: Statement,
  error: unknown,
  judge: (sql: string) => Promise<unknown>,
): Promise<EngineFailure> {
  const first = readFailure(error);
  if (first.kind !== 'text' && first.kind !== 'missing') return first;
  const judged = await judge(statement.sql).catch(() => null);
  const failure = judged === null ? first : readFailure(judged);
  if (failure.kind !== 'text' && failure.kind !== 'missing') return first;
  if (failure.offset === null) return failure;
  const inner = failure.offset - EXPLAIN_LENGTH;
  return { ...failure, offset: statement.toText(byteOffsetToOffset(statement.sql, Math.max(0, inner))) };
}
