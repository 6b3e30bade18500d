import type { Queryable } from './database.ts';
import type { MayRead } from './relations.ts';
import { loadRelations } from './relations.ts';
import { relationName } from '@datacraft/shared';
import type { Layer } from '@datacraft/shared';

/** The version of a model that answers, as it was when a run began. */
export interface PinnedModel {
  readonly name: string;
  readonly version: number;
}

/** Champions by name; those whose table may not be read are as if they were not there. */
export async function loadPinnedModels(
  db: Queryable,
  names: readonly string[],
  mayRead: MayRead,
): Promise<ReadonlyMap<string, PinnedModel>> {
  if (names.length === 0) return new Map();
  const { rows } = await db.query<PinnedModel & { layer: Layer }>(
    `select v.name, v.version, v.layer from model_aliases a join model_versions v using (name, version)
      where a.alias = 'champion' and v.name = any($1)`,
    [names],
  );
  const refs = rows.map(({ layer, name }) => ({ layer, name }));
  const relations = await loadRelations(db, refs);
  return new Map(
    rows.flatMap(({ name, version, layer }) => {
      const relation = relations.get(relationName({ layer, name }));
      return relation !== undefined && mayRead(relation) ? [[name, { name, version }] as const] : [];
    }),
  );
}
