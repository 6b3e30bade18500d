/**
 * Objects of an S3-compatible store, read as CSV, JSON, Parquet or Avro.
 *
 * O1  With `objects: new` an object is added once, by its key and tag; what was read is remembered with the rows (I3).
 * O2  An object that was read and is another one now makes all of them be read anew: no row of the old one stays.
 * O3  A key is sent to its own store alone, signed, never as it is.
 */
import { createHash } from 'node:crypto';
import type { Column, FileSource, JsonObject, S3Source } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { avroAdapter } from '../avro/avro.ts';
import { csvAdapter } from '../csv/csv.ts';
import { checkedType } from '../declared-columns.ts';
import { typedNull, withMissing } from '../extract/missing.ts';
import { checkContent } from '../file/content-kind.ts';
import { jsonAdapter } from '../json/json.ts';
import { parquetAdapter } from '../parquet/parquet.ts';
import type { IdentifiedSource, OpenedSource, SourceAdapter, SourceContext } from '../source.ts';
import type { S3Object } from './client.ts';
import { formatOf } from './format.ts';
import { fetchObjects, listObjects, removeFiles } from './objects.ts';

export const s3Adapter: SourceAdapter<S3Source> = {
  async identify(spec, context) {
    if (context.reading === 'status')
      return { identity: context.last?.identity ?? 'never read', files: [], state: context.last?.state ?? null };
    const listed = await listObjects(spec, spec.path, context);
    const todo = unread(listed.objects, spec, context);
    const taken = context.reading === 'sample' ? todo.objects.slice(0, 1) : todo.objects;
    const files = await fetchObjects(listed, taken, context);
    try {
      const format = formatOf(spec, [...listed.objects.map(({ key }) => key), spec.path]);
      for (const file of files) await checkContent(file, format);
    } catch (error) {
      await removeFiles(files);
      throw error;
    }
    const state: JsonObject = { objects: tagsOf(listed.objects, todo.isMore ? seenBefore(context) : {}) };
    return {
      identity: identityOf(state, todo.isMore && taken.length === 0 ? context : null),
      files,
      mode: todo.isMore ? 'append' : 'overwrite',
      state,
      release: () => removeFiles(files),
    };
  },

  async open(spec, identified, session, context): Promise<OpenedSource> {
    const known = identified.mode === 'append' ? (context.last?.columns ?? []) : [];
    const [file] = identified.files;
    if (!file) return { select: emptySelect(spec, context), rejects: null };
    const plain = await openedAs(spec, identified, session, context, {});
    const found = known.length === 0 ? [] : await session.describe(plain.select);
    const names = new Set(found.map(({ name }) => name));
    const same = known.filter(({ name }) => names.has(name) && spec.columns?.[name] === undefined);
    const differs = same.some(({ name, type }) => found.find((each) => each.name === name)?.type !== type);
    const typed = Object.fromEntries(same.map(({ name, type }) => [name, type]));
    const opened = differs ? await openedAs(spec, identified, session, context, typed) : plain;
    const missing = known.filter(({ name }) => !names.has(name) && !PROVENANCE.has(name));
    return { ...opened, select: withMissing(opened.select, missing) };
  },

  async sniff(spec, identified, session, context) {
    const [file] = identified.files;
    if (!file) {
      const preview = await session.rows(emptySelect(spec, context), { limit: 0 });
      return { options: {}, columns: preview.columns, preview, warnings: ['no object matches the path'] };
    }
    const plain = fileSpec(spec, identified, {});
    return readerOf(plain).sniff(plain, identified, session, context);
  },
};

/** Columns that are added after reading; the files do not have them. */
const PROVENANCE = new Set(['_source', '_ingested_at', '_row_hash']);

function seenBefore({ last }: SourceContext): Readonly<Record<string, string>> {
  return (last?.state?.['objects'] ?? {}) as Readonly<Record<string, string>>;
}

/** What to read now: only what is new, unless nothing was read before or what was read has changed. */
function unread(objects: readonly S3Object[], spec: S3Source, context: SourceContext) {
  const seen = seenBefore(context);
  const isMore =
    spec.objects !== 'all' &&
    (context.last ?? null) !== null &&
    objects.every(({ key, etag }) => (seen[key] ?? etag) === etag);
  return { isMore, objects: isMore ? objects.filter(({ key }) => seen[key] === undefined) : objects };
}

/** Objects that are gone stay remembered while their rows are in the table. */
function tagsOf(objects: readonly S3Object[], before: Readonly<Record<string, string>>): Record<string, string> {
  return { ...before, ...Object.fromEntries(objects.map(({ key, etag }) => [key, etag])) };
}

function identityOf(state: JsonObject, unchanged: SourceContext | null): string {
  if (unchanged?.last) return unchanged.last.identity;
  return createHash('sha256').update(JSON.stringify(state)).digest('hex');
}

function openedAs(
  spec: S3Source,
  identified: IdentifiedSource,
  session: Parameters<typeof s3Adapter.open>[2],
  context: SourceContext,
  typed: Readonly<Record<string, string>>,
): Promise<OpenedSource> {
  const plain = fileSpec(spec, identified, typed);
  return readerOf(plain).open(plain, identified, session, context);
}

function readerOf({ type }: FileSource): SourceAdapter<FileSource> {
  const readers = { csv: csvAdapter, json: jsonAdapter, parquet: parquetAdapter, avro: avroAdapter };
  return readers[type] as SourceAdapter<FileSource>;
}

const PLACE: ReadonlySet<string> = new Set([
  'type',
  'format',
  'objects',
  'connection',
  'endpoint',
  'region',
  'access_key',
  'secret_key',
  'session_token',
  'columns',
]);

/** The words of a file source for files that were fetched. */
function fileSpec(spec: S3Source, identified: IdentifiedSource, typed: Readonly<Record<string, string>>): FileSource {
  const format = formatOf(spec, [...identified.files.map(({ shownAs }) => shownAs), spec.path]);
  const options = Object.fromEntries(Object.entries(spec).filter(([key]) => !PLACE.has(key)));
  const columns = { ...typed, ...spec.columns };
  const declared = Object.keys(columns).length > 0 ? { columns } : {};
  return { ...options, ...declared, type: format } as FileSource;
}

/** No object is new: the columns are those of the rows published before, or those declared. */
function emptySelect(spec: S3Source, { last }: SourceContext): string {
  const declared = Object.entries(spec.columns ?? {}).map(([name, type]) => ({
    name,
    type: checkedType(name, type, spec.path),
  }));
  const columns: readonly Column[] = last?.columns.filter(({ name }) => !PROVENANCE.has(name)) ?? declared;
  if (columns.length === 0)
    throw new Fault(
      'source-unreadable',
      say(
        'no object matches {path}, and no columns are declared; check the path, or declare them with columns: { name: type }',
        { path: spec.path },
      ),
      { file: spec.path },
    );
  return `select ${columns.map(typedNull).join(', ')} where false`;
}
