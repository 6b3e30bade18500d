import type { MayRead, RunDeps } from '@datacraft/engine';
import { loadRelations } from '@datacraft/engine';
import { isLayer } from '@datacraft/shared';

/** Of queries those that read nothing that may not be read: their text would tell of it. */
export async function mayReadAll<Query extends { readonly reads: readonly string[] }>(
  queries: readonly Query[],
  db: RunDeps['db'],
  mayRead: MayRead,
): Promise<Query[]> {
  const names = [...new Set(queries.flatMap(({ reads }) => reads))];
  const refs = names.flatMap((each) => {
    const [layer = '', name = ''] = each.split('.');
    return isLayer(layer) ? [{ layer, name }] : [];
  });
  const relations = await loadRelations(db, refs);
  return queries.filter(({ reads }) =>
    reads.every((name) => {
      const relation = relations.get(name);
      return relation === undefined || mayRead(relation);
    }),
  );
}
