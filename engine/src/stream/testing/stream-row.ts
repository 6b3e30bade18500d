import { newId } from '@datacraft/shared';
import type { Queryable } from '../../store/database.ts';
import type { StreamLease } from '../../store/streams.ts';

/** A live stream of a notebook, held by the test. */
export async function createStreamOf(
  db: Queryable,
  { notebookId, cell, relation }: { readonly notebookId: string; readonly cell: string; readonly relation: string },
): Promise<StreamLease> {
  const streamId = newId<string>('str');
  await db.query('insert into notebooks (id, title) values ($1, $1) on conflict do nothing', [notebookId]);
  await db.query(
    `insert into streams (id, notebook_id, cell, relation, source_type, document, state, lease_epoch)
     values ($1, $2, $3, $4, 'webhook', '{}', 'live', 1)`,
    [streamId, notebookId, cell, relation],
  );
  return { streamId, epoch: 1 };
}
