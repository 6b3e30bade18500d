import type { DuckSession } from '../duckdb/session.ts';
import { scanWritten } from '../iceberg/scan.ts';
import type { LaneCount } from '../source/source.ts';
import type { LaneFacts } from '../store/stream-lanes.ts';
import type { StagedRejects } from './stage-rejects.ts';

/**
 * Records are counted as they are written; only bad ones of several partitions are counted again, in the two columns of
 * the file that they lie in now.
 */
export async function laneOutcomes(
  lanes: readonly LaneCount[],
  { table, count, again }: StagedRejects,
  open: () => Promise<DuckSession>,
): Promise<LaneFacts[]> {
  const [only] = lanes;
  if (only && lanes.length === 1) return [{ lane: only.lane, rows: only.records - count, rejected: count }];
  const bad = count === 0 || table === null ? new Map<string, number>() : await badByPlace(table, again, await open());
  return lanes.map(({ lane, topic, partition, records }) => {
    const rejected = bad.get(placeKey(topic, partition)) ?? 0;
    return { lane, rows: records - rejected, rejected };
  });
}

async function badByPlace(
  table: NonNullable<StagedRejects['table']>,
  again: string | null,
  session: DuckSession,
): Promise<Map<string, number>> {
  const brokeNow = again === null ? '' : ` where ${again}`;
  const { rows } = await session.rows(
    `select topic, "partition"::integer, count(*)::integer from (${scanWritten(table)})${brokeNow} group by all`,
  );
  return new Map(
    rows.map(([topic, partition, records]) => [placeKey(String(topic), Number(partition)), Number(records)]),
  );
}

function placeKey(topic: string, partition: number): string {
  return `${topic}:${partition}`;
}
