import { createHash } from 'node:crypto';
import type {
  Layer,
  ModelReport,
  ModelSpec,
  ModelVersion,
  ParamValues,
  RelationRef,
  RunTrigger,
} from '@datacraft/shared';
import { hasWon, relationName } from '@datacraft/shared';
import type { Database, Queryable } from './database.ts';
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
 * until somebody promotes them, or their cell's rule does. Of forecasts the newest is: an older one ends sooner.
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
  else if (await takesOver(tx, name, draft)) await putFirst(tx, name, version, null);
  else await setAlias(tx, name, 'challenger', version, null);
  return version;
}

/** It is a newer forecast, or won against the version that still answers. */
async function takesOver(tx: Queryable, name: string, { spec, report }: ModelDraft): Promise<boolean> {
  if (spec.task === 'forecast') return true;
  const { promote } = spec;
  if (promote === undefined || promote.mode === 'propose' || report.champion === undefined) return false;
  if (!hasWon(promote, report.metrics, report.champion.metrics)) return false;
  return (await versionOf(tx, name, 'champion')) === report.champion.version;
}

async function putFirst(tx: Queryable, name: string, version: number, by: string | null): Promise<void> {
  const before = await versionOf(tx, name, 'champion');
  await setAlias(tx, name, 'champion', version, by);
  if (before === null) await tx.query(`delete from model_aliases where name = $1 and alias = 'challenger'`, [name]);
  else await setAlias(tx, name, 'challenger', before, by);
  await logPromotion(tx, name, version, before, by);
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

interface VersionRow {
  name: string;
  version: number;
  layer: Layer;
  notebook_id: string | null;
  spec: ModelSpec;
  params: ParamValues;
  seed: string;
  report: ModelReport;
  snapshots: Record<string, string | null>;
  sha256: string;
  size: number;
  author: string | null;
  created_at: Date;
  aliases: string[];
  run_id: string | null;
  trigger: RunTrigger | null;
}

/** A version without its bytes. */
export interface RegisteredModel extends ModelVersion {
  readonly name: string;
  readonly relation: string;
  readonly notebookId: string | null;
  readonly spec: ModelSpec;
  readonly params: ParamValues;
  readonly report: ModelReport;
}

const VERSION = `select v.name, v.version, v.layer, v.notebook_id, v.spec, v.params, v.seed, v.report, v.snapshots, v.sha256,
  length(v.bytes) as size, u.name as author, v.created_at, v.run_id, r.trigger,
  array(select alias from model_aliases a where a.name = v.name and a.version = v.version order by alias) as aliases
  from model_versions v left join users u on u.id = v.created_by left join runs r on r.id = v.run_id`;

function modelOf(row: VersionRow): RegisteredModel {
  return {
    name: row.name,
    version: row.version,
    relation: `${row.layer}.${row.name}`,
    notebookId: row.notebook_id,
    createdAt: row.created_at.toISOString(),
    author: row.author,
    aliases: row.aliases,
    task: row.report.task,
    algorithm: row.report.algorithm,
    params: row.params,
    seed: Number(row.seed),
    metrics: row.report.metrics,
    sizeBytes: row.size,
    sha256: row.sha256,
    snapshots: row.snapshots,
    run: row.run_id === null || row.trigger === null ? null : { runId: row.run_id, trigger: row.trigger },
    promote: row.spec.promote ?? null,
    champion: row.report.champion ?? null,
    spec: row.spec,
    report: row.report,
  };
}

/** All versions of a model, the newest first. */
export async function loadModelVersions(db: Queryable, name: string): Promise<RegisteredModel[]> {
  const { rows } = await db.query<VersionRow>(`${VERSION} where v.name = $1 order by v.version desc`, [name]);
  return rows.map(modelOf);
}

/** The champion of every model; who may see which is not decided here. */
export async function listChampions(db: Queryable): Promise<RegisteredModel[]> {
  const { rows } = await db.query<VersionRow>(
    `${VERSION} join model_aliases c on c.name = v.name and c.version = v.version and c.alias = 'champion' order by v.name`,
  );
  return rows.map(modelOf);
}

/** The number of a version, by alias; null when there is none. */
export async function versionOf(db: Queryable, name: string, alias: string): Promise<number | null> {
  const { rows } = await db.query<{ version: number }>(
    `select version from model_aliases where name = $1 and alias = $2`,
    [name, alias],
  );
  return rows[0]?.version ?? null;
}

/** What became the champion last, the latest first. */
export async function latestChampions(
  db: Queryable,
  most: number,
): Promise<{ readonly name: string; readonly version: number }[]> {
  const { rows } = await db.query<{ name: string; version: number }>(
    `select name, version from model_aliases where alias = 'champion' order by set_at desc limit $1`,
    [most],
  );
  return rows;
}

/** Over the wire as base64: hexadecimal, which bytes come in, takes twice the room and ten times as long to read. */
export async function loadModelBytes(db: Queryable, name: string, version: number): Promise<Uint8Array | null> {
  const { rows } = await db.query<{ bytes: string }>(
    `select translate(encode(bytes, 'base64'), E'\\n', '') as bytes from model_versions where name = $1 and version = $2`,
    [name, version],
  );
  return rows[0] === undefined ? null : Buffer.from(rows[0].bytes, 'base64');
}

/**
 * Makes a version the champion; the one before becomes the challenger. Answers false when there is no such version. The
 * database writes it into the audit as it commits.
 */
export async function promoteModel(db: Database, name: string, version: number, by: string | null): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('model:' || $1))`, [name]);
    const found = await tx.query(`select 1 from model_versions where name = $1 and version = $2`, [name, version]);
    if (found.rowCount !== 1) return false;
    const before = await versionOf(tx, name, 'champion');
    if (before === version) return true;
    await putFirst(tx, name, version, by);
    return true;
  });
}

export interface Promotion {
  readonly version: number;
  readonly replaced: number | null;
  readonly by: string | null;
  readonly at: string;
}

/** Which versions were made the champion, the latest first. */
export async function listPromotions(db: Queryable, name: string): Promise<Promotion[]> {
  const { rows } = await db.query<{ version: number; replaced: number | null; by: string | null; at: Date }>(
    `select p.version, p.replaced, u.name as by, p.promoted_at as at from model_promotions p
     left join users u on u.id = p.promoted_by where p.name = $1 order by p.id desc limit 100`,
    [name],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
