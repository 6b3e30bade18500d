/**
 * The built-in registry of schemas.
 *
 * S1  An id means one text for ever: deleting a version forgets nothing that messages may name.
 * S2  What a subject holds fits what it says it keeps: who registers second is judged by what the first has added.
 * S3  The same text under the same subject is one version, however often it is registered.
 */
import { createHash } from 'node:crypto';
import type { Compatibility, Words } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { SchemaBook } from '../source/source.ts';
import type { Database, Queryable } from '../store/database.ts';
import type { SchemaVersion } from '../store/schemas.ts';
import {
  addVersion,
  keepSchema,
  lockSubject,
  removeVersions,
  ruleOf,
  schemaById,
  versionsOf,
} from '../store/schemas.ts';
import { parseAvro } from './avro-names.ts';
import type { TypedSchema } from './compatibility.ts';
import { incompatibilities } from './compatibility.ts';
import { checkJsonSchema } from './json-reading.ts';

/** Numbers that clients of Confluent's registry know. */
export const registryCodes = {
  subject: 40401,
  version: 40402,
  schema: 40403,
  rule: 40408,
  incompatible: 409,
  invalid: 42201,
  badVersion: 42202,
  badRule: 42203,
  notDeleted: 40407,
} as const;

export function registryFault(kind: keyof typeof registryCodes, message: Words): Fault {
  const code = registryCodes[kind];
  const status = code === 409 ? 'conflict' : code >= 42200 ? 'notebook-invalid' : 'not-found';
  return new Fault(status, message, { registry: code });
}

/** Throws `notebook-invalid` with the reason when the text is no schema. */
export function checkSchema({ schema, schemaType }: TypedSchema): void {
  try {
    if (schemaType === 'AVRO') parseAvro(schema);
    else checkJsonSchema(schema);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw registryFault('invalid', say('the {schemaType} schema cannot be read: {reason}', { schemaType, reason }));
  }
}

function fingerprintOf({ schema, schemaType }: TypedSchema): string {
  return createHash('sha256')
    .update(`${schemaType}\0${meantBy(schema)}`)
    .digest('hex');
}

/** The text without what means nothing. */
function meantBy(schema: string): string {
  try {
    return JSON.stringify(JSON.parse(schema));
  } catch {
    return schema.trim(); // a name alone, such as `long`, is a schema of Avro too
  }
}

export async function registerSchema(
  db: Database,
  subject: string,
  given: TypedSchema,
  by: string | null,
): Promise<{ id: number; version: number }> {
  checkSchema(given);
  return db.transaction(async (tx) => {
    await lockSubject(tx, subject);
    const all = await versionsOf(tx, subject);
    const present = all.filter(({ deleted }) => !deleted);
    const same = present.find((each) => fingerprintOf(each) === fingerprintOf(given));
    if (same) return { id: same.id, version: same.version };
    const problems = incompatibilities(given, present, await compatibilityOf(tx, subject));
    if (problems.length > 0)
      throw registryFault(
        'incompatible',
        say('the schema does not fit what {subject} has: {problems}', { subject, problems: problems.join('; ') }),
      );
    const id = await keepSchema(tx, given, fingerprintOf(given));
    const version = (all.at(-1)?.version ?? 0) + 1;
    await addVersion(tx, { subject, version, id, by });
    return { id, version };
  });
}

/** What new versions of the subject have to keep. */
export async function compatibilityOf(db: Queryable, subject: string): Promise<Compatibility> {
  return (await ruleOf(db, subject)) ?? (await ruleOf(db, '')) ?? 'BACKWARD';
}

/** The version of the subject that has this text. Throws `not-found`. */
export async function lookUpSchema(db: Queryable, subject: string, given: TypedSchema): Promise<SchemaVersion> {
  const versions = await presentVersions(db, subject);
  const same = versions.find((each) => fingerprintOf(each) === fingerprintOf(given));
  if (!same) throw registryFault('schema', say('{subject} has no version with this schema', { subject }));
  return same;
}

export async function presentVersions(db: Queryable, subject: string): Promise<SchemaVersion[]> {
  const versions = (await versionsOf(db, subject)).filter(({ deleted }) => !deleted);
  if (versions.length === 0) throw registryFault('subject', say('there is no subject {subject}', { subject }));
  return versions;
}

/** `latest`, or a number. */
export async function versionAt(db: Queryable, subject: string, asked: string): Promise<SchemaVersion> {
  if (asked !== 'latest' && asked !== '-1' && !/^[1-9]\d{0,8}$/.test(asked))
    throw registryFault('badVersion', say('a version is a number from 1 on, or latest; got {asked}', { asked }));
  const versions = await presentVersions(db, subject);
  const found = /^[1-9]/.test(asked) ? versions.find(({ version }) => version === Number(asked)) : versions.at(-1);
  if (!found) throw registryFault('version', say('{subject} has no version {asked}', { subject, asked }));
  return found;
}

/** Why the schema may not follow one version, or what the subject keeps with all. */
export async function problemsOf(
  db: Queryable,
  subject: string,
  given: TypedSchema,
  version: string | null,
): Promise<string[]> {
  checkSchema(given);
  const compatibility = await compatibilityOf(db, subject);
  if (version === null) return incompatibilities(given, await presentVersions(db, subject), compatibility);
  return incompatibilities(given, [await versionAt(db, subject, version)], compatibility);
}

/** Answers the numbers that went. What was not deleted before cannot go for good. */
export async function deleteSubject(db: Database, subject: string, isForGood: boolean): Promise<number[]> {
  return db.transaction(async (tx) => {
    await lockSubject(tx, subject);
    const all = isForGood ? await versionsOf(tx, subject) : await presentVersions(tx, subject);
    if (all.length === 0) throw registryFault('subject', say('there is no subject {subject}', { subject }));
    if (isForGood && all.some(({ deleted }) => !deleted))
      throw registryFault(
        'notDeleted',
        say('{subject} was not deleted yet; delete it first, then for good', { subject }),
      );
    const versions = all.map(({ version }) => version);
    await removeVersions(tx, subject, versions, isForGood);
    return versions;
  });
}

export async function deleteVersion(db: Database, subject: string, asked: string, isForGood: boolean): Promise<number> {
  return db.transaction(async (tx) => {
    await lockSubject(tx, subject);
    const gone = isForGood ? (await versionsOf(tx, subject)).find(({ version }) => String(version) === asked) : null;
    if (gone && !gone.deleted)
      throw registryFault(
        'notDeleted',
        say('version {asked} was not deleted yet; delete it first, then for good', { asked }),
      );
    const { version } = gone ?? (await versionAt(tx, subject, asked));
    await removeVersions(tx, subject, [version], isForGood);
    return version;
  });
}

/** For sources and sinks of this installation. */
export function schemaBook(db: Database): SchemaBook {
  return {
    async byId(id) {
      const found = await schemaById(db, id);
      if (!found) throw registryFault('schema', say('there is no schema {id}', { id: String(id) }));
      return { ...found, references: [] };
    },
    async register(subject, { schema, schemaType }) {
      const type = schemaType === 'JSON' ? schemaType : 'AVRO';
      return (await registerSchema(db, subject, { schema, schemaType: type }, null)).id;
    },
  };
}
