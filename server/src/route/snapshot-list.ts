import type { loadTable } from '@datacraft/engine';
import { snapshotsOf } from '@datacraft/engine';
import type { SnapshotSummary } from '@datacraft/shared';
import type pg from 'pg';

type Table = NonNullable<Awaited<ReturnType<typeof loadTable>>>;

/** The states of a table, newest first, each with the run that made it and who started that. */
export async function snapshotList(pool: pg.Pool, table: Table): Promise<SnapshotSummary[]> {
  const snapshots = snapshotsOf(table);
  const facts = (key: string) => snapshots.flatMap(({ summary }) => summary[key] ?? []);
  const [runs, people] = await Promise.all([
    runsOf(pool, facts('datacraft.run-id')),
    peopleOf(pool, facts('datacraft.by')),
  ]);
  return snapshots.map((snapshot) => {
    const runId = snapshot.summary['datacraft.run-id'] ?? null;
    const run = runId === null ? undefined : runs.get(runId);
    return {
      snapshotId: snapshot.snapshotId,
      committedAt: new Date(snapshot.committedAtMs).toISOString(),
      operation: snapshot.operation,
      rows: snapshot.rows,
      addedRows: snapshot.addedRows,
      deletedRows: snapshot.deletedRows,
      runId,
      trigger: run?.trigger ?? null,
      by: run?.by ?? people.get(snapshot.summary['datacraft.by'] ?? '') ?? null,
      isCurrent: snapshot.isCurrent,
      tags: [...snapshot.tags],
      revertedTo: snapshot.summary['datacraft.reverted-to'] ?? null,
    };
  });
}

async function runsOf(
  pool: pg.Pool,
  ids: readonly string[],
): Promise<Map<string, { readonly trigger: string; readonly by: string | null }>> {
  const { rows } = await pool.query<{ id: string; trigger: string; by: string | null }>(
    `select runs.id, trigger, users.name as by from runs left join users on users.id = runs.created_by where runs.id = any($1)`,
    [ids],
  );
  return new Map(rows.map(({ id, trigger, by }) => [id, { trigger, by }]));
}

async function peopleOf(pool: pg.Pool, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ id: string; name: string }>('select id, name from users where id = any($1)', [
    ids,
  ]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
