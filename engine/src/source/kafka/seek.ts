import type { KafkaSource, SeekTarget } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { RemoteAccess } from '../source.ts';
import type { PartitionSpan } from './client.ts';
import { openKafka, settingsOf, spansOf, unreachable } from './client.ts';

/** Where a partition would be read on, and what it holds. */
export interface Position extends PartitionSpan {
  readonly to: bigint;
}

export async function kafkaPositions(
  cell: KafkaSource,
  target: SeekTarget,
  remote: RemoteAccess,
): Promise<readonly Position[]> {
  const spec = await settingsOf(cell, remote);
  const admin = (await openKafka(spec, remote)).admin();
  try {
    await admin.connect().catch((error: unknown) => {
      throw unreachable(spec.topic, error);
    });
    const spans = await spansOf(admin, spec.topic);
    if (target.kind !== 'time') return positionsOf(spans, target);
    const found = await admin.fetchTopicOffsetsByTimestamp(spec.topic, Date.parse(target.at));
    const at = new Map(found.map(({ partition, offset }) => [partition, BigInt(offset)]));
    return spans.map((span) => ({ ...span, to: within(span, at.get(span.partition) ?? span.high) }));
  } finally {
    await admin.disconnect();
  }
}

/** Throws `bad-request` for an offset that its partition does not hold. */
export function positionsOf(
  spans: readonly PartitionSpan[],
  target: Exclude<SeekTarget, { kind: 'time' }>,
): readonly Position[] {
  if (target.kind === 'earliest') return spans.map((span) => ({ ...span, to: span.low }));
  if (target.kind === 'latest') return spans.map((span) => ({ ...span, to: span.high }));
  const unknown = Object.keys(target.offsets).find(
    (name) => !spans.some(({ partition }) => String(partition) === name),
  );
  if (unknown !== undefined)
    throw new Fault('bad-request', say('the topic has no partition {partition}', { partition: unknown }));
  return spans.flatMap((span) => {
    const given = target.offsets[String(span.partition)];
    if (given === undefined) return [];
    const to = BigInt(given);
    if (to < span.low || to > span.high)
      throw new Fault(
        'bad-request',
        say('partition {partition} holds {low} to {last}, and the next will be {high}; got {given}', {
          partition: String(span.partition),
          low: String(span.low),
          last: String(span.high - 1n),
          high: String(span.high),
          given: String(given),
        }),
      );
    return [{ ...span, to }];
  });
}

function within({ low, high }: PartitionSpan, offset: bigint): bigint {
  return offset < low ? low : offset > high ? high : offset;
}
