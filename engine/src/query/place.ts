import { Fault, isFault, offsetToLineColumn } from '@datacraft/shared';
import type { ReadChain } from '../read/read-chain.ts';

/** Puts line and column of the user's text on an engine error. */
export function placed(error: unknown, text: string, chain: Pick<ReadChain, 'select' | 'toOriginal'>): unknown {
  if (!isFault(error, 'query-failed') || typeof error.facts['offset'] !== 'number') return error;
  const statement = typeof error.facts['sql'] === 'string' ? error.facts['sql'] : chain.select;
  const start = statement.indexOf(chain.select);
  const within = error.facts['offset'] - start;
  const offset = start < 0 || within < 0 || within > chain.select.length ? null : chain.toOriginal(within);
  if (offset === null) return error;
  return new Fault(
    error.code,
    error.message,
    { ...error.facts, ...offsetToLineColumn(text, offset) },
    { cause: error },
  );
}
