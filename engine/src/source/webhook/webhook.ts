import type { WebhookSource } from '@datacraft/shared';
import { Fault, relationName } from '@datacraft/shared';
import { parseExactJson } from '../http/exact-json.ts';
import { extractAdapter } from '../extract/extract.ts';
import type { ExtractRequest } from '../extract/identify.ts';

/**
 * Reads what was pushed to `POST /api/v1/streams/{source}/events`.
 *
 * B1  Each event is in the table once: its number in the log is published with the rows (I3), and its key, when the cell
 *     names one, is in the log once.
 */
export const webhookAdapter = extractAdapter<WebhookSource>({
  shownAs: () => 'the events pushed to it',
  isIncremental: () => true,

  async extract(_spec, request, file) {
    let seq = textOf(request.state?.['seq']) ?? '0';
    for (;;) {
      request.signal?.throwIfAborted();
      const events = await next(request, seq);
      for (const { body, seq: own } of events) {
        await file.write(recordOf(body));
        seq = own;
      }
      const isEnough = request.limit !== null && file.count >= request.limit;
      if (events.length === 0 || isEnough) return { seq };
    }
  },
});

const BATCH = 5_000;

function next({ remote, relation, limit }: ExtractRequest, seq: string) {
  if (!remote.events || relation === undefined)
    throw new Fault('unsupported', 'pushed events cannot be read here; run the notebook on the server they come to');
  return remote.events(relationName(relation), seq, Math.min(limit ?? BATCH, BATCH));
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function recordOf(body: string): object {
  const event = parseExactJson(body);
  return typeof event === 'object' && event !== null && !Array.isArray(event) ? event : { value: event };
}
