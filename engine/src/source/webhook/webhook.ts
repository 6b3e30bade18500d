import type { WebhookSource } from '@datacraft/shared';
import { Fault, relationName } from '@datacraft/shared';
import { parseExactJson } from '../http/exact-json.ts';
import { extractAdapter } from '../extract/extract.ts';
import type { ExtractRequest } from '../extract/extractor.ts';
import type { Origin } from '../extract/letter-file.ts';
import type { RecordFile } from '../extract/record-file.ts';

/**
 * Reads what was pushed to `POST /api/v1/streams/{source}/events`.
 *
 * B1  Each event is in the table once: its number in the log is published with the rows (I3), and its key, when the cell
 *     names one, is in the log once.
 */
export const webhookAdapter = extractAdapter<WebhookSource>({
  shownAs: () => 'the events pushed to it',
  isIncremental: () => true,

  async readAgain({ rejects }, _request, letters, file) {
    const [first] = letters;
    if (first) file.took({ ...ONLY, topic: first.topic }, letters.length);
    for (const { letter, attempts, ...place } of letters)
      await writeEvent(file, { ...place, again: { letter, attempts } }, rejects === 'table');
  },

  async extract({ rejects }, request, file) {
    let seq = textOf(request.state?.['seq']) ?? '0';
    const told = async (isAll: boolean) => {
      await tellLag(request, isAll ? null : seq, file.count);
      return { seq };
    };
    for (;;) {
      request.signal?.throwIfAborted();
      const events = await next(request, seq);
      const topic = request.relation ? relationName(request.relation) : '';
      file.took({ ...ONLY, topic }, events.length);
      for (const { body, seq: own, receivedMs } of events) {
        const place = { topic, partition: 0, offset: own, timestamp: receivedMs, key: null, headers: null };
        await writeEvent(file, { ...place, bytes: Buffer.from(body) }, rejects === 'table');
        seq = own;
      }
      if (events.length === 0) return told(true);
      if (request.limit !== null && file.count >= request.limit) return told(false);
    }
  },
});

const BATCH = 5_000;
const ONLY = { lane: '0', partition: 0 };

function next({ remote, relation, limit }: ExtractRequest, seq: string) {
  if (!remote.events || relation === undefined)
    throw new Fault('unsupported', 'pushed events cannot be read here; run the notebook on the server they come to');
  return remote.events(relationName(relation), seq, Math.min(limit ?? BATCH, BATCH));
}

/** How many events are in the log behind `seq`; null: none. */
async function tellLag({ live, remote, relation }: ExtractRequest, seq: string | null, taken: number): Promise<void> {
  if (!live || !remote.eventsAfter || relation === undefined) return;
  const { eventsAfter } = remote;
  const backlog = await live.keep(() => Promise.resolve(new Backlog()));
  if (seq === null) backlog.forget();
  else await backlog.take(taken, () => eventsAfter(relationName(relation), seq));
  live.tell({ lag: backlog.size });
}

/** Many take long to count: between two counts, those that were taken are taken off. */
const COUNT_EVERY_MS = 2_000;

class Backlog {
  size = 0;
  #countedAt = Number.NEGATIVE_INFINITY;

  async take(taken: number, count: () => Promise<number>): Promise<void> {
    this.size = Math.max(0, this.size - taken);
    if (performance.now() - this.#countedAt < COUNT_EVERY_MS) return;
    this.size = await count();
    this.#countedAt = performance.now();
  }

  forget(): void {
    this.size = 0;
    this.#countedAt = Number.NEGATIVE_INFINITY;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** What cannot be read as JSON was refused when it was pushed: an event is set aside only for its values. */
function writeEvent(file: RecordFile, origin: Origin, isKept: boolean): Promise<void> | null {
  return file.write(recordOf(origin.bytes?.toString('utf8') ?? 'null'), isKept ? origin : undefined);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function recordOf(body: string): object {
  const event = parseExactJson(body);
  return typeof event === 'object' && event !== null && !Array.isArray(event) ? event : { value: event };
}
