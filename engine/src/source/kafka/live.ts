import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject, KafkaSource } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { ExtractRequest } from '../extract/extractor.ts';
import type { RecordFile } from '../extract/record-file.ts';
import type { LiveReading } from '../source.ts';
import type { Feed } from './feed.ts';
import { openFeed } from './feed.ts';
import { marksIn, marksOf } from './marks.ts';
import type { Decoder } from './format/decoder.ts';
import { openDecoder } from './format/decoder.ts';
import { partsOf, readsMany, topicsShown } from './lanes.ts';
import { writeMessages } from './message.ts';
import { offsetsIn, stateOf } from './offsets.ts';

/** How long one that waits for more leaves the others alone. */
const LOOK_MS = 10;

/** What came since the last commit. The feed goes on only from what was published: else it is opened there anew. */
export async function extractLive(
  spec: KafkaSource,
  { remote, state }: ExtractRequest,
  live: LiveReading,
  file: RecordFile,
): Promise<JsonObject | null> {
  const last = offsetsIn(state);
  const marks = marksIn(state);
  const { feed, decoder } = await live.keep(async () =>
    opened(await openFeed(spec, remote, { last, marks }), openDecoder(spec, remote)),
  );
  for (const [lane, offset] of last ?? [])
    if (feed.taken.get(lane) !== offset)
      throw new Fault(
        'publish-conflict',
        say('{topic} was read further than its table holds; it is read again from there', { topic: topicsShown(spec) }),
      );
  for (let isLast = false; !isLast && file.count < live.limit;) {
    isLast = live.mayWait?.() !== true;
    const taken = await feed.take(live.limit - file.count);
    tell(feed, spec, live);
    for (const { lane, messages, letGo } of taken) {
      await writeMessages(partsOf(spec, lane), messages, { file, decoder, spec });
      const last = messages.length - 1;
      marks.set(lane, { offset: messages.offset(last), timestamp: String(messages.time(last)) });
      letGo?.();
    }
    if (!isLast) await sleep(LOOK_MS);
  }
  return file.count === 0 ? state : { ...stateOf(feed.taken), ...marksOf(marks) };
}

/** What a decoder has learned of schemas stays known from commit to commit. */
function opened(feed: Feed, decoder: Decoder) {
  return { feed, decoder, close: () => feed.close() };
}

function tell(feed: Feed, spec: KafkaSource, live: LiveReading): void {
  const partitions = [...feed.taken.keys()].map((lane) => {
    const next = feed.position(lane);
    const end = feed.ends.get(lane) ?? next;
    const { topic, partition } = partsOf(spec, lane);
    return {
      ...(readsMany(spec) ? { topic } : {}),
      partition,
      next: next.toString(),
      end: (end > next ? end : next).toString(),
    };
  });
  const lag = partitions.reduce((sum, { next, end }) => sum + Number(BigInt(end) - BigInt(next)), 0);
  const ordered = partitions.toSorted(
    (a, b) => (a.topic ?? '').localeCompare(b.topic ?? '') || a.partition - b.partition,
  );
  live.tell({ lag, partitions: ordered });
}
