/**
 * Sources outside this machine, read by extracting their records into a file of the run before it is planned.
 *
 * X1  What decides the rows is the content that came: an answer equal to the last one changes nothing and the cell is
 *     fresh.
 * X2  An incremental source remembers how far it was read together with the rows it gave (I3): its state is published
 *     in the same transaction, so that a run that fails reads the same records again.
 * X3  Nothing is asked of the other side only to say whether a cell is stale.
 */
import type { JsonSource, SourceSpec } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { checkedType } from '../declared-columns.ts';
import { jsonAdapter } from '../json/json.ts';
import type { IdentifiedSource, OpenedSource, ResolvedFile, SourceAdapter, SourceContext } from '../source.ts';
import type { ExtractForm, Extractor } from './extractor.ts';
import { identifyExtracted } from './identify.ts';
import { lettersSelect } from './letter-sql.ts';
import { asTexts, withBytes } from './bytes.ts';
import { typedNull, withMissing } from './missing.ts';
import type { RecordFile } from './record-file.ts';
import { createRecordFile } from './record-file.ts';

export type RecordExtractor<Spec extends SourceSpec> = Extractor<Spec, RecordFile>;

const records: ExtractForm<RecordFile> = {
  create: createRecordFile,
  known: (file) => ({
    fields: [...file.fields],
    ...(file.lanes.length === 0 ? {} : { lanes: file.lanes }),
    types: Object.fromEntries(file.types),
    longestRow: file.longestRow,
    longestLine: file.longestLine,
    hasLong: file.hasLong,
    ...(file.lines === null ? {} : { lines: file.lines }),
    ...(file.inLine === null ? {} : { inLine: file.inLine }),
  }),
};

/** Sources that give records: objects whose fields and types are found out by reading them. */
export function extractAdapter<Spec extends SourceSpec>(extractor: RecordExtractor<Spec>): SourceAdapter<Spec> {
  return {
    ...(extractor.comesInParts === true ? { comesInParts: true } : {}),
    identify: (spec, context) => identifyExtracted(extractor, records, spec, context),

    async open(spec, identified, session, context): Promise<OpenedSource> {
      const [file, letters = null] = identified.files;
      const kept = keptLetters(identified, letters);
      if (!file || file.sizeBytes === 0) return { select: emptySelect(extractor, spec, context), ...kept(null) };
      const known = identified.mode === 'append' ? (context.last?.columns ?? []) : [];
      const fields = new Set(identified.fields ?? []);
      const missing = known.filter(({ name }) => !fields.has(name) && !isElsewhere(name, spec));
      const typed = Object.fromEntries(
        known.filter((each) => fields.has(each.name)).map(({ name, type }) => [name, type]),
      );
      const types = { ...typed, ...asTexts(identified.types ?? {}) };
      const records = { ...identified, files: [file] };
      const opened = await jsonAdapter.open(recordsSpec(spec, file.shownAs, types), records, session, context);
      const whole = (select: string) =>
        withMissing(withBytes(select, identified.types ?? {}, spec.columns ?? {}), missing);
      const { ofPart } = opened;
      const isSound = opened.rejects !== null && identified.lines !== undefined;
      const whenAll = isSound && { rows: identified.lines, rejects: kept(null).rejects ?? NONE };
      return {
        ...opened,
        select: whole(opened.select),
        ...(ofPart ? { ofPart: (part) => whole(ofPart(part)) } : {}),
        ...kept(opened.rejects),
        ...(whenAll ? { whenAll } : {}),
      };
    },

    async sniff(spec, identified, session, context) {
      const [file] = identified.files;
      if (file && file.sizeBytes > 0)
        return jsonAdapter.sniff(
          recordsSpec(spec, file.shownAs, asTexts(identified.types ?? {})),
          { ...identified, files: [file] },
          session,
          context,
        );
      const preview = await session.rows(emptySelect(extractor, spec, context), { limit: 0 });
      return { options: {}, columns: preview.columns, preview, warnings: ['it gave no record'] };
    },
  };
}

type Rejects = Pick<OpenedSource, 'rejects' | 'keepsLetters'>;

const NONE = `select null::varchar as file, null::bigint as line, null::varchar as column_name, null::varchar as reason, null::varchar as raw where false`;

/** The bad rows, with the messages they came from where those are kept. */
function keptLetters(
  { inLine, longestRow = 0, files }: IdentifiedSource,
  file: ResolvedFile | null,
): (rejects: string | null) => Rejects {
  if (file === null && inLine === undefined) return (rejects) => ({ rejects });
  const letters = { file, longestRow, topic: inLine?.topic ?? null };
  const shownAs = files[0]?.shownAs ?? '';
  return (rejects) => ({ rejects: lettersSelect(rejects, letters, shownAs), keepsLetters: true });
}

const PROVENANCE: readonly string[] = ['_source', '_ingested_at', '_row_hash'];

/** Columns that the declared types or the provenance bring. */
function isElsewhere(name: string, { columns, provenance }: SourceSpec): boolean {
  return columns?.[name] !== undefined || (provenance === true && PROVENANCE.includes(name));
}

/** Types that the table has already win over what this part of the records looks like, and declared ones over both. */
function recordsSpec(spec: SourceSpec, path: string, known: Readonly<Record<string, string>>): JsonSource {
  const { rejects } = spec;
  const columns = { ...known, ...spec.columns };
  const declared = Object.keys(columns).length > 0 ? { columns } : {};
  return { type: 'json', path, ...declared, ...(rejects ? { rejects } : {}) };
}

/** No record came: the columns are those declared, or those of the rows published before. */
function emptySelect<Spec extends SourceSpec>(
  extractor: RecordExtractor<Spec>,
  spec: Spec,
  context: SourceContext,
): string {
  const shownAs = extractor.shownAs(spec);
  const declared = Object.entries(spec.columns ?? {}).map(([name, type]) => ({
    name,
    type: checkedType(name, type, shownAs),
  }));
  const columns = (context.last?.columns ?? [...declared, ...(extractor.alwaysHas?.(spec) ?? [])]).filter(
    ({ name }) => spec.provenance !== true || !PROVENANCE.includes(name),
  );
  if (columns.length === 0) {
    throw new Fault(
      'source-unreadable',
      say('{shownAs} gave no record, and no columns are declared; declare them with columns: { name: type }', {
        shownAs,
      }),
      { file: shownAs },
    );
  }
  return `select ${columns.map(typedNull).join(', ')} where false`;
}
