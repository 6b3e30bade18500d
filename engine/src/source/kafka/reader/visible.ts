import type { AbortedTransaction } from './fetch.ts';
import { messagesOf } from './messages.ts';
import type { RecordBatch } from './record-batch.ts';

const ABORT = 0;

/** Those that readers of what is committed see. `aborted` are the transactions that touch these batches. */
export function visible(batches: readonly RecordBatch[], aborted: readonly AbortedTransaction[]): RecordBatch[] {
  const waiting = aborted.toSorted((a, b) => Number(a.firstOffset - b.firstOffset));
  const aborting = new Set<bigint>();
  return batches.filter((batch) => {
    for (let next = waiting[0]; next && next.firstOffset <= batch.lastOffset; next = waiting[0]) {
      aborting.add(next.producerId);
      waiting.shift();
    }
    if (!batch.isControl) return !batch.isTransactional || !aborting.has(batch.producerId);
    if (endsInAbort(batch)) aborting.delete(batch.producerId);
    return false;
  });
}

/** The key of its one record is a version and a type. */
function endsInAbort(batch: RecordBatch): boolean {
  const key = batch.count > 0 ? messagesOf(batch, batch.records).at(0).key : null;
  return key !== null && key.length >= 4 && key.readInt16BE(2) === ABORT;
}
