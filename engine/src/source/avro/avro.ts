import type { AvroSource, JsonSource } from '@datacraft/shared';
import { checkedType } from '../declared-columns.ts';
import { asTexts, withBytes } from '../extract/bytes.ts';
import { typedNull } from '../extract/missing.ts';
import { createRecordFile } from '../extract/record-file.ts';
import { jsonAdapter } from '../json/json.ts';
import { blockReader } from '../kafka/format/avro.ts';
import { createTypes } from '../kafka/format/types.ts';
import { Undecodable } from '../kafka/format/undecodable.ts';
import { identifyPath } from '../s3/identify-path.ts';
import type { IdentifiedSource, ResolvedFile, SourceAdapter, SourceContext } from '../source.ts';
import { damaged, openContainer } from './container.ts';

/**
 * Reads Avro object container files, one or many, as one relation.
 *
 * A1  Types are those of the schemas: longs keep every digit, decimals, dates and moments are what they are. Where the
 *     schemas of files differ a column has the type that holds both, and is NULL where a file lacks it.
 * A2  A file is read whole or is a fault that names its block: a damaged block tells nothing of its rows.
 *
 * Rows are typed, so that a row can be bad only by a declared type (`columns:`) that it does not fit.
 */
export const avroAdapter: SourceAdapter<AvroSource> = {
  identify: (spec, context) => identifyPath(spec, context),

  async open(spec, identified, session, context) {
    const { records, types } = await recordsOf(identified, context);
    if (records.files.length === 0) return { select: noRows(spec, types), rejects: null };
    const opened = await jsonAdapter.open(jsonSpec(spec, types), records, session, context);
    return { ...opened, select: withBytes(opened.select, types, spec.columns ?? {}) };
  },

  async sniff(spec, identified, session, context) {
    const { records, types } = await recordsOf(identified, context);
    if (records.files.length === 0) {
      const preview = await session.rows(noRows(spec, types), { limit: 0 });
      return { options: {}, columns: preview.columns, preview, warnings: ['it holds no record'] };
    }
    const sniffed = await jsonAdapter.sniff(jsonSpec(spec, types), records, session, context);
    return { ...sniffed, options: { files: identified.files.length } };
  },
};

type Types = Readonly<Record<string, string>>;

function jsonSpec({ path, columns, rejects }: AvroSource, types: Types): JsonSource {
  return { type: 'json', path, columns: { ...asTexts(types), ...columns }, ...(rejects ? { rejects } : {}) };
}

function noRows({ columns, path }: AvroSource, types: Types): string {
  const declared = Object.entries(columns ?? {}).map(([name, type]) => [name, checkedType(name, type, path)]);
  const all = { ...types, ...(Object.fromEntries(declared) as Types) };
  return `select ${Object.entries(all)
    .map(([name, type]) => typedNull({ name, type }))
    .join(', ')} where false`;
}

/** The files that hold any as records, one a line, and the types that their schemas say together. */
async function recordsOf(identified: IdentifiedSource, context: SourceContext) {
  const files: ResolvedFile[] = [];
  const types = createTypes();
  for (const [index, file] of identified.files.entries()) {
    const { written, columns } = await recordsIn(file, context);
    types.learn(index, columns);
    if (written.sizeBytes > 0) files.push(written);
  }
  return { records: { ...identified, files }, types: Object.fromEntries(types.known) };
}

async function recordsIn(file: ResolvedFile, { tempDir, signal }: SourceContext) {
  const container = await openContainer(file);
  const out = createRecordFile(tempDir);
  try {
    const reader = blockReader(container.schema);
    for await (const { count, bytes } of container.blocks()) {
      signal?.throwIfAborted();
      for (const record of reader.records(bytes, count)) await out.write(record);
    }
    return { written: await out.close(file.shownAs), columns: reader.columns };
  } catch (error) {
    await out.remove();
    throw error instanceof Undecodable ? damaged(file, error.words, error) : error;
  } finally {
    await container.close();
  }
}
