/**
 * Sources outside this machine, read by extracting their records into a file of the run before it is planned.
 *
 * X1  What decides the rows is the content that came: an answer equal to the last one changes nothing and the cell is
 *     fresh.
 * X2  An incremental source remembers how far it was read together with the rows it gave (I3): its state is published
 *     in the same transaction, so that a run that fails reads the same records again.
 * X3  Nothing is asked of the other side only to say whether a cell is stale.
 */
import { createHash } from 'node:crypto';
import type { Column, JsonObject, JsonSource, SourceSpec } from '@datacraft/shared';
import { Fault, isFault } from '@datacraft/shared';
import { checkedType } from '../declared-columns.ts';
import { jsonAdapter } from '../json/json.ts';
import type {
  IdentifiedSource,
  LastRead,
  OpenedSource,
  RemoteAccess,
  SourceAdapter,
  SourceContext,
} from '../source.ts';
import { quoteName } from '../sql-text.ts';
import type { RecordFile } from './record-file.ts';
import { createRecordFile } from './record-file.ts';

export interface ExtractRequest {
  readonly remote: RemoteAccess;
  /** What the last reading remembered; null: from the beginning. */
  readonly state: JsonObject | null;
  /** Enough once so many are written; null: all. */
  readonly limit: number | null;
  readonly signal?: AbortSignal;
}

export interface Extractor<Spec extends SourceSpec> {
  /** What people call the other side: host and path, never a credential. */
  shownAs(spec: Spec): string;
  isIncremental(spec: Spec): boolean;
  /** Writes every record, and answers what to remember. */
  extract(spec: Spec, request: ExtractRequest, file: RecordFile): Promise<JsonObject | null>;
}

const SAMPLE_RECORDS = 1000;

export function extractAdapter<Spec extends SourceSpec>(extractor: Extractor<Spec>): SourceAdapter<Spec> {
  return {
    identify: (spec, context) =>
      context.reading === 'status' ? lastIdentified(context.last ?? null) : identifyByContent(extractor, spec, context),

    async open(spec, identified, session, context): Promise<OpenedSource> {
      const [file] = identified.files;
      if (!file || file.sizeBytes === 0) return { select: emptySelect(extractor, spec, context), rejects: null };
      const known = identified.mode === 'append' ? (context.last?.columns ?? []) : [];
      const fields = new Set(identified.fields ?? []);
      const missing = known.filter(({ name }) => !fields.has(name) && spec.columns?.[name] === undefined);
      const typed = Object.fromEntries(
        known.filter((each) => fields.has(each.name)).map(({ name, type }) => [name, type]),
      );
      const opened = await jsonAdapter.open(recordsSpec(spec, file.shownAs, typed), identified, session, context);
      return { ...opened, select: withMissing(opened.select, missing) };
    },

    async sniff(spec, identified, session, context) {
      const [file] = identified.files;
      if (file && file.sizeBytes > 0)
        return jsonAdapter.sniff(recordsSpec(spec, file.shownAs, {}), identified, session, context);
      const preview = await session.rows(emptySelect(extractor, spec, context), { limit: 0 });
      return { options: {}, columns: preview.columns, preview, warnings: ['it gave no record'] };
    },
  };
}

function lastIdentified(last: LastRead | null): Promise<IdentifiedSource> {
  return Promise.resolve({ identity: last?.identity ?? 'never read', files: [], state: last?.state ?? null });
}

async function identifyByContent<Spec extends SourceSpec>(
  extractor: Extractor<Spec>,
  spec: Spec,
  context: SourceContext,
): Promise<IdentifiedSource> {
  const { remote, signal } = context;
  if (!remote) throw new Fault('unsupported', `sources of type ${spec.type} cannot be read here; run the notebook`);
  const last = (extractor.isIncremental(spec) ? context.last : null) ?? null;
  const file = createRecordFile(context.tempDir);
  try {
    const limit = context.reading === 'sample' ? SAMPLE_RECORDS : null;
    const request = { remote, limit, state: last?.state ?? null, ...(signal ? { signal } : {}) };
    const state = await extractor.extract(spec, request, file);
    const resolved = await file.close(extractor.shownAs(spec));
    const release = () => file.remove();
    if (last && file.count === 0)
      return { identity: last.identity, files: [resolved], mode: 'append', state: last.state, release };
    const identity = createHash('sha256')
      .update(`${last?.identity ?? ''}\0${resolved.shownAs}\0${resolved.sha256}`)
      .digest('hex');
    return {
      identity,
      files: [resolved],
      fields: [...file.fields],
      mode: last ? 'append' : 'overwrite',
      state,
      release,
    };
  } catch (error) {
    await file.remove();
    if (signal?.aborted && !isFault(error, 'cancelled'))
      throw new Fault('cancelled', `reading ${extractor.shownAs(spec)} was cancelled`, {}, { cause: error });
    throw error;
  }
}

/** Types that the table has already win over what this part of the records looks like, and declared ones over both. */
function recordsSpec(spec: SourceSpec, path: string, known: Readonly<Record<string, string>>): JsonSource {
  const { rejects } = spec;
  const columns = { ...known, ...spec.columns };
  const declared = Object.keys(columns).length > 0 ? { columns } : {};
  return { type: 'json', path, ...declared, ...(rejects ? { rejects } : {}) };
}

function withMissing(select: string, missing: readonly Column[]): string {
  if (missing.length === 0) return select;
  return `select *, ${missing.map(typedNull).join(', ')} from (${select})`;
}

function typedNull({ name, type }: Column): string {
  return `null::${type} as ${quoteName(name)}`;
}

/** No record came: the columns are those declared, or those of the rows published before. */
function emptySelect<Spec extends SourceSpec>(extractor: Extractor<Spec>, spec: Spec, context: SourceContext): string {
  const shownAs = extractor.shownAs(spec);
  const declared = Object.entries(spec.columns ?? {});
  const columns =
    context.last?.columns ?? declared.map(([name, type]) => ({ name, type: checkedType(name, type, shownAs) }));
  if (columns.length === 0) {
    throw new Fault(
      'source-unreadable',
      `${shownAs} gave no record, and no columns are declared; declare them with columns: { name: type }`,
      { file: shownAs },
    );
  }
  return `select ${columns.map(typedNull).join(', ')} where false`;
}
