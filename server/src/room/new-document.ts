import type { Notebook, NotebookId, UserId } from '@datacraft/shared';
import { newId } from '@datacraft/shared';
import { writeNotebook } from '@datacraft/shared/ydoc';
import type pg from 'pg';
import * as Y from 'yjs';
import { withTransaction } from '../database/pool.ts';
import type { Bus } from '../live/bus.ts';
import { appendUpdates } from './update-log.ts';

/** A notebook's row and the first update of its document, together or not at all. */
export async function createNotebook(
  deps: { pool: pg.Pool; bus: Bus },
  notebook: Notebook,
  by: UserId | null,
  options: { autoRun?: boolean; id?: NotebookId } = {},
): Promise<NotebookId> {
  const id = options.id ?? newId<NotebookId>('nb');
  const data = firstUpdate(notebook);
  await withTransaction(deps.pool, async (tx) => {
    await tx.query('insert into notebooks (id, title, auto_run, cell_count, created_by) values ($1, $2, $3, $4, $5)', [
      id,
      notebook.title,
      options.autoRun ?? true,
      notebook.cells.length,
      by,
    ]);
    await appendUpdates(tx, deps.bus, id, [{ data, userId: by }]);
  });
  return id;
}

/** What a document of this notebook begins with. */
export function firstUpdate(notebook: Notebook): Uint8Array {
  const doc = new Y.Doc();
  writeNotebook(doc, notebook, 'created');
  const data = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return data;
}
