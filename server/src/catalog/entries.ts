/**
 * The catalogue: every published table with what its cell says of it, as that cell is now.
 */
import type { PublishedRelation, Queryable } from '@datacraft/engine';
import { listRelations } from '@datacraft/engine';
import type { Notebook, TableDoc } from '@datacraft/shared';
import { isFault } from '@datacraft/shared';
import type { Deps } from '../deps.ts';
import { tableDoc } from './docs.ts';

export type MayRead = (relation: PublishedRelation) => boolean;

type World = Pick<Deps, 'pool' | 'rooms'>;

/** Of what `mayRead` lets through. */
export async function tableDocs(db: Queryable, deps: World, mayRead: MayRead): Promise<TableDoc[]> {
  const relations = (await listRelations(db)).filter(mayRead);
  const owners = await ownersOf(deps, relations);
  const notebooks = new Map<string, Promise<Notebook | null>>();
  const notebookOf = (relation: PublishedRelation) => {
    const key = relation.notebookId ?? `run:${relation.runId ?? ''}`;
    const known = notebooks.get(key) ?? readNotebook(relation, deps);
    notebooks.set(key, known);
    return known;
  };
  return Promise.all(
    relations.map(async (relation) => {
      const notebook = await notebookOf(relation);
      const cell = notebook?.cells.find((each) => each.name === relation.cell) ?? null;
      return tableDoc(relation, notebook, cell, owners.get(relation.notebookId ?? '') ?? null);
    }),
  );
}

/** A notebook of the server as it is being edited; a file of the command line as its run had it. */
async function readNotebook(
  { notebookId, runId }: PublishedRelation,
  { pool, rooms }: World,
): Promise<Notebook | null> {
  if (notebookId === null) {
    const { rows } = await pool.query<{ document: Notebook | null }>('select document from runs where id = $1', [
      runId,
    ]);
    return rows[0]?.document ?? null;
  }
  try {
    return await rooms.notebook(notebookId);
  } catch (error) {
    if (isFault(error, 'not-found')) return null;
    throw error;
  }
}

async function ownersOf({ pool }: World, relations: readonly PublishedRelation[]): Promise<Map<string, string>> {
  const ids = relations.flatMap(({ notebookId }) => notebookId ?? []);
  const { rows } = await pool.query<{ id: string; name: string }>(
    'select notebooks.id, users.name from notebooks join users on users.id = notebooks.created_by where notebooks.id = any($1)',
    [ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
