import type { CellLineage, PlacedLineage } from '@datacraft/shared';
import type { Queryable } from './database.ts';
import type { Owner } from './relations.ts';

/** Keeps the lineage of cells with what a run publishes; cells that are gone are forgotten. */
export async function saveLineage(
  tx: Queryable,
  owner: Owner,
  runId: string,
  cells: readonly CellLineage[],
  present: readonly string[],
): Promise<void> {
  await tx.query('delete from lineage where owner_key = $1 and not (cell = any($2))', [owner.key, present]);
  await tx.query(
    `insert into lineage (owner_key, cell, notebook_id, owner_title, run_id, detail)
     select $1, detail ->> 'cell', $2, $3, $4, detail from jsonb_array_elements($5::jsonb) as detail
     on conflict (owner_key, cell) do update set
       notebook_id = excluded.notebook_id, owner_title = excluded.owner_title, run_id = excluded.run_id,
       detail = excluded.detail, recorded_at = now()`,
    [owner.key, owner.notebookId, owner.title, runId, JSON.stringify(cells)],
  );
}

/** Of all notebooks that are not in the bin, and of notebook files. */
export async function loadLineage(db: Queryable): Promise<PlacedLineage[]> {
  const { rows } = await db.query<{
    owner_key: string;
    notebook_id: string | null;
    owner_title: string;
    detail: CellLineage;
  }>(
    `select owner_key, notebook_id, owner_title, detail from lineage
     where notebook_id is null or exists (select 1 from notebooks where id = lineage.notebook_id and deleted_at is null)
     order by owner_key, cell`,
  );
  return rows.map((row) => ({
    ...row.detail,
    owner: row.owner_key,
    notebookId: row.notebook_id,
    notebookTitle: row.owner_title,
  }));
}
