/** Schemas of messages as they are stored: what a text means and what follows what is the room `registry`'s business. */
import type { Compatibility, SchemaSubject } from '@datacraft/shared';
import type { SchemaType, TypedSchema } from '../registry/compatibility.ts';
import type { Queryable } from './database.ts';

export interface StoredSchema extends TypedSchema {
  readonly id: number;
}

export interface SchemaVersion extends StoredSchema {
  readonly subject: string;
  readonly version: number;
  readonly deleted: boolean;
}

/** One after the other may register under a subject, until the transaction ends. */
export async function lockSubject(tx: Queryable, subject: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(271, hashtext($1))', [subject]);
}

/** Oldest first. */
export async function versionsOf(db: Queryable, subject: string): Promise<SchemaVersion[]> {
  const { rows } = await db.query<SchemaVersion>(
    `select v.subject, v.version, v.deleted, s.id, s.schema_type as "schemaType", s.schema
       from schema_versions v join message_schemas s on s.id = v.schema_id where v.subject = $1 order by v.version`,
    [subject],
  );
  return rows;
}

export async function schemaById(db: Queryable, id: number): Promise<StoredSchema | null> {
  const { rows } = await db.query<StoredSchema>(
    'select id, schema_type as "schemaType", schema from message_schemas where id = $1',
    [id],
  );
  return rows[0] ?? null;
}

export async function usesOfSchema(db: Queryable, id: number): Promise<{ subject: string; version: number }[]> {
  const { rows } = await db.query<{ subject: string; version: number }>(
    'select subject, version from schema_versions where schema_id = $1 and not deleted order by subject, version',
    [id],
  );
  return rows;
}

/** The id of a text: one it has, or a new one. */
export async function keepSchema(
  tx: Queryable,
  { schema, schemaType }: TypedSchema,
  fingerprint: string,
): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into message_schemas (schema_type, schema, fingerprint) values ($1, $2, $3)
     on conflict (fingerprint) do update set fingerprint = excluded.fingerprint returning id`,
    [schemaType, schema, fingerprint],
  );
  return rows[0]?.id ?? 0;
}

export async function addVersion(
  tx: Queryable,
  version: { readonly subject: string; readonly version: number; readonly id: number; readonly by: string | null },
): Promise<void> {
  await tx.query('insert into schema_versions (subject, version, schema_id, created_by) values ($1, $2, $3, $4)', [
    version.subject,
    version.version,
    version.id,
    version.by,
  ]);
}

/** Softly, or for good; answers the numbers of those that went. */
export async function removeVersions(
  db: Queryable,
  subject: string,
  versions: readonly number[],
  isForGood: boolean,
): Promise<void> {
  const sql = isForGood ? 'delete from schema_versions' : 'update schema_versions set deleted = true';
  await db.query(`${sql} where subject = $1 and version = any($2)`, [subject, [...versions]]);
}

/** Of a subject, '' for what holds where nothing is said; null when it says nothing. */
export async function ruleOf(db: Queryable, subject: string): Promise<Compatibility | null> {
  const { rows } = await db.query<{ compatibility: Compatibility }>(
    'select compatibility from schema_rules where subject = $1',
    [subject],
  );
  return rows[0]?.compatibility ?? null;
}

export async function setRule(db: Queryable, subject: string, compatibility: Compatibility | null): Promise<void> {
  if (compatibility === null) await db.query('delete from schema_rules where subject = $1', [subject]);
  else
    await db.query(
      `insert into schema_rules (subject, compatibility) values ($1, $2)
       on conflict (subject) do update set compatibility = excluded.compatibility`,
      [subject, compatibility],
    );
}

/** For people. */
export async function listSubjects(db: Queryable): Promise<SchemaSubject[]> {
  const { rows } = await db.query<Omit<SchemaSubject, 'at' | 'schemaType'> & { at: Date; schemaType: SchemaType }>(
    `select distinct on (v.subject) v.subject, v.version, s.id, s.schema_type as "schemaType", s.schema,
            v.created_at as at, u.name as by, r.compatibility,
            (select count(*)::int from schema_versions o where o.subject = v.subject and not o.deleted) as versions
       from schema_versions v join message_schemas s on s.id = v.schema_id
       left join schema_rules r on r.subject = v.subject left join users u on u.id = v.created_by
      where not v.deleted order by v.subject, v.version desc`,
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
