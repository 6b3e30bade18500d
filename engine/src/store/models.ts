import { createHash } from 'node:crypto';
import type { Layer, ModelReport, ModelSpec, ParamValues, RelationRef } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { Queryable } from './database.ts';
import type { Owner } from './relations.ts';
import { loadRelations, mayPublish, tableOwned } from './relations.ts';

/** A trained model, waiting for the publish of the rows it scored. */
export interface ModelDraft {
  readonly spec: ModelSpec;
  readonly params: ParamValues;
  readonly seed: number;
  readonly report: ModelReport;
  readonly bytes: Uint8Array;
  /** Snapshots it learned from as they were before the run, by `layer.name`. */
  readonly reads: Readonly<Record<string, string | null>>;
}

export interface ModelEntry {
  readonly ref: RelationRef;
  readonly draft: ModelDraft;
  readonly fingerprint: string;
  readonly runId: string;
  readonly snapshots: Readonly<Record<string, string | null>>;
}

/**
 * Registers a new version, inside the publish transaction. The first is the champion; those after it are challengers
 * until somebody promotes them.
 */
export async function registerModel(tx: Queryable, owner: Owner, entry: ModelEntry): Promise<number> {
  const { name } = entry.ref;
  await tx.query(`select pg_advisory_xact_lock(hashtext('model:' || $1))`, [name]);
  await refuseTaken(tx, owner, entry.ref);
  const { draft } = entry;
  const { rows } = await tx.query<{ version: number }>(
    `insert into model_versions (name, version, layer, owner_key, notebook_id, run_id, fingerprint, spec, params, seed,
       report, snapshots, bytes, sha256, created_by)
     select $1, coalesce((select max(version) from model_versions where name = $1), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9,
       $10, $11, $12, $13, (select created_by from runs where id = $5)
     returning version`,
    [
      name,
      entry.ref.layer,
      owner.key,
      owner.notebookId,
      entry.runId,
      entry.fingerprint,
      JSON.stringify(draft.spec),
      JSON.stringify(draft.params),
      draft.seed,
      JSON.stringify(draft.report),
      JSON.stringify(entry.snapshots),
      Buffer.from(draft.bytes),
      createHash('sha256').update(draft.bytes).digest('hex'),
    ],
  );
  const version = rows[0]?.version ?? 1;
  const { rowCount } = await tx.query(
    `insert into model_aliases (name, alias, version) values ($1, 'champion', $2) on conflict do nothing`,
    [name, version],
  );
  if (rowCount === 1) await logPromotion(tx, name, version, null, null);
  else await setAlias(tx, name, 'challenger', version, null);
  return version;
}

/** Models are known by name alone: one of another layer may hold it. */
async function refuseTaken(tx: Queryable, owner: Owner, ref: RelationRef): Promise<void> {
  const { rows } = await tx.query<{ layer: Layer }>(
    `select layer from model_versions where name = $1 order by version desc limit 1`,
    [ref.name],
  );
  const layer = rows[0]?.layer;
  if (layer === undefined || layer === ref.layer) return;
  const held = { layer, name: ref.name };
  const relation = (await loadRelations(tx, [held])).get(relationName(held));
  if (relation !== undefined && !mayPublish(owner, relation)) throw tableOwned(held, relation);
}

async function setAlias(
  tx: Queryable,
  name: string,
  alias: 'champion' | 'challenger',
  version: number,
  by: string | null,
): Promise<void> {
  await tx.query(
    `insert into model_aliases (name, alias, version, set_by) values ($1, $2, $3, $4)
     on conflict (name, alias) do update set version = excluded.version, set_by = excluded.set_by, set_at = now()`,
    [name, alias, version, by],
  );
}

async function logPromotion(
  tx: Queryable,
  name: string,
  version: number,
  replaced: number | null,
  by: string | null,
): Promise<void> {
  await tx.query(`insert into model_promotions (name, version, replaced, promoted_by) values ($1, $2, $3, $4)`, [
    name,
    version,
    replaced,
    by,
  ]);
}
