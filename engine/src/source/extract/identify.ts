import { createHash } from 'node:crypto';
import type { JsonObject, RelationRef, SourceSpec } from '@datacraft/shared';
import { Fault, isFault } from '@datacraft/shared';
import type { IdentifiedSource, LastRead, LiveReading, RemoteAccess, ResolvedFile, SourceContext } from '../source.ts';

export interface ExtractRequest {
  readonly remote: RemoteAccess;
  /** What the last reading remembered; null: from the beginning. */
  readonly state: JsonObject | null;
  /** Enough once so many are written; null: all. */
  readonly limit: number | null;
  /** The table that the source fills, where it fills one. */
  readonly relation?: RelationRef;
  readonly signal?: AbortSignal;
  readonly live?: LiveReading;
}

/** A file of this reading that rows of another system are written into. */
export interface ExtractFile {
  readonly count: number;
  close(shownAs: string): Promise<ResolvedFile>;
  remove(): Promise<void>;
}

export interface Extractor<Spec extends SourceSpec, File extends ExtractFile> {
  /** What people call the other side: host and path, never a credential. */
  shownAs(spec: Spec): string;
  isIncremental(spec: Spec): boolean;
  /** Writes every record, and answers what to remember. */
  extract(spec: Spec, request: ExtractRequest, file: File): Promise<JsonObject | null>;
}

type Known = Partial<Pick<IdentifiedSource, 'fields' | 'typed' | 'longestRow' | 'mode' | 'mergeKey'>>;

/** How a file is made, and what is known of it once it is closed. */
export interface ExtractForm<File extends ExtractFile> {
  create(dir: string): File;
  known(file: File): Known;
}

const SAMPLE_RECORDS = 1000;

export function identifyExtracted<Spec extends SourceSpec, File extends ExtractFile>(
  extractor: Extractor<Spec, File>,
  form: ExtractForm<File>,
  spec: Spec,
  context: SourceContext,
): Promise<IdentifiedSource> {
  return context.reading === 'status'
    ? Promise.resolve(lastIdentified(context.last ?? null))
    : identifyByContent(extractor, form, spec, context);
}

function given({ relation, signal, live }: SourceContext): Pick<ExtractRequest, 'relation' | 'signal' | 'live'> {
  return { ...(relation ? { relation } : {}), ...(signal ? { signal } : {}), ...(live ? { live } : {}) };
}

function lastIdentified(last: LastRead | null): IdentifiedSource {
  return { identity: last?.identity ?? 'never read', files: [], state: last?.state ?? null };
}

async function identifyByContent<Spec extends SourceSpec, File extends ExtractFile>(
  extractor: Extractor<Spec, File>,
  form: ExtractForm<File>,
  spec: Spec,
  context: SourceContext,
): Promise<IdentifiedSource> {
  const { remote, signal } = context;
  if (!remote) throw new Fault('unsupported', `sources of type ${spec.type} cannot be read here; run the notebook`);
  const last = (extractor.isIncremental(spec) ? context.last : null) ?? null;
  const file = form.create(context.tempDir);
  try {
    const limit = context.reading === 'sample' ? SAMPLE_RECORDS : (context.live?.limit ?? null);
    const request = { remote, limit, state: last?.state ?? null, ...given(context) };
    const state = await extractor.extract(spec, request, file);
    const resolved = await file.close(extractor.shownAs(spec));
    return { ...identified(resolved, form.known(file), file.count, last, state), release: () => file.remove() };
  } catch (error) {
    await file.remove();
    if (signal?.aborted && !isFault(error, 'cancelled'))
      throw new Fault('cancelled', `reading ${extractor.shownAs(spec)} was cancelled`, {}, { cause: error });
    throw error;
  }
}

function identified(
  file: ResolvedFile,
  known: Known,
  count: number,
  last: LastRead | null,
  state: JsonObject | null,
): IdentifiedSource {
  if (last && count === 0 && known.mode === undefined)
    return { identity: last.identity, files: [file], mode: 'append', state: last.state, ...known };
  const identity = createHash('sha256')
    .update(`${last?.identity ?? ''}\0${file.shownAs}\0${file.sha256}`)
    .update(known.typed ? JSON.stringify(known.typed) : '')
    .digest('hex');
  return { identity, files: [file], mode: last ? 'append' : 'overwrite', state, ...known };
}
