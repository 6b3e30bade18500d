import { join } from 'node:path';
import type { RelationRef } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';
import type { QueryDeps } from '../query/query.ts';
import type { RunDeps } from '../run/context.ts';
import { changeSince, withRows } from './shipment.ts';

/** Rows of a table as one of its snapshots held them: all, or those that came after `since`. */
export interface FixtureWindow {
  readonly ref: RelationRef;
  readonly snapshotId: string;
  readonly since: string | null;
  /** More are refused: a part of a window is another window. */
  readonly most: number;
}

/** Lends them as a Parquet file with all their types; it is gone when `use` ends. Throws `too-large` and `not-found`. */
export async function withFixture<Result>(
  { ref, snapshotId, since, most }: FixtureWindow,
  deps: RunDeps & QueryDeps,
  signal: AbortSignal,
  use: (file: string, rows: number) => Promise<Result>,
): Promise<Result> {
  const shipment = { ref, uniqueKey: undefined, before: null, deps, signal };
  const change = await changeSince(shipment, snapshotId, since);
  return withRows(shipment, snapshotId, change, async ({ session, dir, select }) => {
    const { rows: counted } = await session.rows(`select count(*)::int from (${select})`);
    const rows = Number(counted[0]?.[0] ?? 0);
    if (rows === 0)
      throw new Fault(
        'bad-request',
        say('{table} has no rows there; take a window with rows', { table: relationName(ref) }),
      );
    if (rows > most)
      throw new Fault(
        'too-large',
        say('these are {rows} rows, and a fixture holds {most} at most; take a smaller window', { rows, most }),
      );
    const file = join(dir, 'fixture.parquet');
    await session.run(`copy (${select}) to '${file.replaceAll("'", "''")}' (format parquet)`);
    return use(file, rows);
  });
}
