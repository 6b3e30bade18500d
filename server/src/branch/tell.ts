/** Who hears of a branch, besides those who look at it. */
import type { Queryable } from '@datacraft/engine';
import type { UserId } from '@datacraft/shared';

/** Those who are about the notebook it was forked from and may accept: its maker, whom it is shared with, who wrote in it. */
export async function tellReviewAsked(db: Queryable, branchId: string, by: UserId): Promise<void> {
  await db.query(
    `insert into notifications (user_id, kind, notebook_id, by_id, body)
     select u.id, 'review-asked', b.id, $2, concat_ws(': ', b.name, nullif(b.note, ''))
       from branches b join notebooks n on n.id = b.id join notebooks p on p.id = n.branch_of
       join users u on u.disabled_at is null and u.id <> $2
      where b.id = $1 and (${INVITED} or (u.role in ('editor', 'owner') and (u.id = p.created_by
        or (p.access = 'workspace' and exists (select 1 from document_authors a where a.notebook_id = p.id and a.user_id = u.id)))))`,
    [branchId, by],
  );
}

/** Its maker, unless they took it in themselves. `cells` are the names of what was. */
export async function tellAccepted(
  db: Queryable,
  branchId: string,
  by: UserId,
  cells: readonly string[],
): Promise<void> {
  await db.query(
    `insert into notifications (user_id, kind, notebook_id, by_id, body)
     select u.id, 'branch-accepted', b.id, $2, concat_ws(': ', b.name, nullif($3, ''))
       from branches b join users u on u.id = b.created_by and u.disabled_at is null and u.id <> $2
      where b.id = $1`,
    [branchId, by, cells.join(', ')],
  );
}

const INVITED = `exists (select 1 from notebook_grants g where g.notebook_id = p.id and g.role in ('editor', 'owner')
  and (g.user_id = u.id or g.group_id in (select group_id from group_members where user_id = u.id)))`;
