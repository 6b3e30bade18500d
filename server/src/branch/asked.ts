import { Fault, isBranchId, say } from '@datacraft/shared';
import type pg from 'pg';
import { permission } from '../auth/permission.ts';
import type { Principal } from '../auth/principal.ts';

/** Of one name; who has more branches that are called alike says which by its id. */
const ALIKE_MOST = 50;

/**
 * The branch that is meant: by its id, or by its name where of those that `by` may see only one is called so. `by` null
 * is whoever holds the data directory. What somebody may not see looks as if it were not there.
 */
export async function branchAsked(db: Pick<pg.Pool, 'query'>, by: Principal | null, asked: string): Promise<string> {
  const { rows } = await db.query<{ id: string; title: string }>(
    `select b.id, p.title from branches b join notebooks n on n.id = b.id join notebooks p on p.id = n.branch_of
      where b.state <> 'discarded' and n.deleted_at is null and ${isBranchId(asked) ? 'b.id' : 'b.name'} = $1
      order by b.created_at desc, b.id limit ${ALIKE_MOST}`,
    [asked],
  );
  const found: typeof rows = [];
  for (const row of rows) if (by === null || (await permission(db, by, row.id)) !== null) found.push(row);
  const [first, ...others] = found;
  if (first === undefined)
    throw new Fault('not-found', say('there is no branch {asked}; it may have been discarded', { asked }));
  if (others.length === 0) return first.id;
  const ids = found.map(({ id, title }) => `${id} (${title})`).join(', ');
  throw new Fault('bad-request', say('several branches are called {asked}; give the id of one: {ids}', { asked, ids }));
}
