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
  await createNotebooks(deps, [{ id, notebook, autoRun: options.autoRun ?? true }], by);
  return id;
}

interface NewNotebook {
  readonly id: NotebookId;
  readonly notebook: Notebook;
  readonly autoRun?: boolean;
}

/** All of them, or none. */
export async function createNotebooks(
  deps: { pool: pg.Pool; bus: Bus },
  notebooks: readonly NewNotebook[],
  by: UserId | null,
): Promise<void> {
  const made = notebooks.map((each) => ({ ...each, data: firstUpdate(each.notebook) }));
  await withTransaction(deps.pool, async (tx) => {
    for (const { id, notebook, autoRun = true, data } of made) {
      const row = [id, notebook.title, autoRun, notebook.cells.length, by];
      await tx.query(
        'insert into notebooks (id, title, auto_run, cell_count, created_by) values ($1, $2, $3, $4, $5)',
        row,
      );
      await appendUpdates(tx, deps.bus, id, [{ data, userId: by }]);
    }
  });
}

/** What a document of this notebook begins with. */
export function firstUpdate(notebook: Notebook): Uint8Array {
  const doc = new Y.Doc();
  writeNotebook(doc, notebook, 'created');
  const data = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return data;
}
