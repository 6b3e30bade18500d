import type { KafkaSource, SeekTarget } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { RemoteAccess } from '../source.ts';
import { openKafka, settingsOf } from './client.ts';
import { unreachable } from './unreachable.ts';
import type { LaneSpan } from './lanes.ts';
import { lanesNow, topicsShown } from './lanes.ts';
import { firstAt } from './offsets.ts';

/** Where a partition would be read on, and what it holds. */
export interface Position extends LaneSpan {
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
      throw unreachable(topicsShown(spec), error);
    });
    const spans = await lanesNow(admin, spec, null);
    if (target.kind !== 'time') return positionsOf(spans, target);
    const at = await firstAt(admin, Date.parse(target.at), spans);
    return spans.map((span) => ({ ...span, to: within(span, at.get(span.lane) ?? span.high) }));
  } finally {
    await admin.disconnect();
  }
}

/** Throws `bad-request` for an offset that its partition does not hold. */
export function positionsOf(
  spans: readonly LaneSpan[],
  target: Exclude<SeekTarget, { kind: 'time' }>,
): readonly Position[] {
  if (target.kind === 'earliest') return spans.map((span) => ({ ...span, to: span.low }));
  if (target.kind === 'latest') return spans.map((span) => ({ ...span, to: span.high }));
  const unknown = Object.keys(target.offsets).find((name) => !spans.some(({ lane }) => lane === name));
  if (unknown !== undefined)
    throw new Fault('bad-request', say('the topic has no partition {partition}', { partition: unknown }));
  return spans.flatMap((span) => {
    const given = target.offsets[span.lane];
    if (given === undefined) return [];
    const to = BigInt(given);
    if (to < span.low || to > span.high)
      throw new Fault(
        'bad-request',
        say('partition {partition} holds {low} to {last}, and the next will be {high}; got {given}', {
          partition: span.lane,
          low: String(span.low),
          last: String(span.high - 1n),
          high: String(span.high),
          given: String(given),
        }),
      );
    return [{ ...span, to }];
  });
}

function within({ low, high }: LaneSpan, offset: bigint): bigint {
  return offset < low ? low : offset > high ? high : offset;
}
