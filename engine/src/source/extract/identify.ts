import { createHash } from 'node:crypto';
import type { Column, JsonObject, RelationRef, SourceSpec } from '@datacraft/shared';
import { Fault, isFault, say } from '@datacraft/shared';
import type {
  IdentifiedSource,
  LastRead,
  LiveReading,
  ReadSoFar,
  RemoteAccess,
  ResolvedFile,
  SourceContext,
  StoredLetter,
} from '../source.ts';

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
  /** How many rows will come, when that is known; `isEstimate`: about. */
  expect?(rows: number, isEstimate?: boolean): void;
}

/** A file of this reading that rows of another system are written into. */
export interface ExtractFile {
  readonly count: number;
  /** Written so far. */
  readonly bytes: number;
  close(shownAs: string): Promise<ResolvedFile>;
  /** What the rows came from, where that is kept. */
  closeLetters?(shownAs: string): Promise<ResolvedFile | null>;
  remove(): Promise<void>;
}

export interface Extractor<Spec extends SourceSpec, File extends ExtractFile> {
  /** What people call the other side: host and path, never a credential. */
  shownAs(spec: Spec): string;
  isIncremental(spec: Spec): boolean;
  /** Columns of every row, also when none came yet. */
  alwaysHas?(spec: Spec): readonly Column[];
  /** Writes every record, and answers what to remember. */
  extract(spec: Spec, request: ExtractRequest, file: File): Promise<JsonObject | null>;
  /** Reads messages that were set aside, as it reads new ones. */
  readAgain?(spec: Spec, request: ExtractRequest, letters: readonly StoredLetter[], file: File): Promise<void>;
}

type Known = Partial<
  Pick<IdentifiedSource, 'fields' | 'types' | 'typed' | 'longestRow' | 'lines' | 'inLine' | 'mode' | 'mergeKey'>
>;

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
  if (!remote)
    throw new Fault(
      'unsupported',
      say('sources of type {type} cannot be read here; run the notebook', { type: spec.type }),
    );
  const last = (extractor.isIncremental(spec) ? context.last : null) ?? null;
  const file = form.create(context.tempDir);
  try {
    if (context.letters && !last)
      throw new Fault(
        'conflict',
        say(
          'the table of {shownAs} was not made by this cell as it is now; run it, then read what was set aside again',
          { shownAs: extractor.shownAs(spec) },
        ),
      );
    const limit = context.reading === 'sample' ? SAMPLE_RECORDS : (context.live?.limit ?? null);
    const request = { remote, limit, state: last?.state ?? null, ...given(context) };
    const state = await toldWhile(file, context, (expect) =>
      read(extractor, spec, context.letters, { ...request, expect }, file),
    );
    const resolved = await file.close(extractor.shownAs(spec));
    const letters = (await file.closeLetters?.(extractor.shownAs(spec))) ?? null;
    const files = letters === null ? [resolved] : [resolved, letters];
    return { ...identified(files, form.known(file), file.count, last, state), release: () => file.remove() };
  } catch (error) {
    await file.remove();
    if (signal?.aborted && !isFault(error, 'cancelled'))
      throw new Fault(
        'cancelled',
        say('reading {shownAs} was cancelled', { shownAs: extractor.shownAs(spec) }),
        {},
        { cause: error },
      );
    throw error;
  }
}

/** Often enough to be seen to move, seldom enough not to be work. */
const TELL_EVERY_MS = 250;

/** Tells how far `file` is while it is written, and at last how far it came. */
async function toldWhile<Result>(
  file: ExtractFile,
  { tellRead }: SourceContext,
  work: (expect: NonNullable<ExtractRequest['expect']>) => Promise<Result>,
): Promise<Result> {
  let expected: Pick<ReadSoFar, 'totalRows' | 'isEstimate'> = { totalRows: null };
  const tell = () => tellRead?.({ rows: file.count, bytes: file.bytes, totalBytes: null, ...expected });
  const timer = tellRead ? setInterval(tell, TELL_EVERY_MS) : undefined;
  try {
    const result = await work((totalRows, isEstimate = false) => {
      expected = { totalRows, ...(isEstimate ? { isEstimate } : {}) };
    });
    tell();
    return result;
  } finally {
    clearInterval(timer);
  }
}

/** What is new, or `letters`: how far the source was read then stays what it was. */
async function read<Spec extends SourceSpec, File extends ExtractFile>(
  extractor: Extractor<Spec, File>,
  spec: Spec,
  letters: readonly StoredLetter[] | undefined,
  request: ExtractRequest,
  file: File,
): Promise<JsonObject | null> {
  if (letters === undefined) return extractor.extract(spec, request, file);
  if (!extractor.readAgain)
    throw new Fault(
      'unsupported',
      say('rows that a source of type {type} set aside cannot be read again', { type: spec.type }),
    );
  await extractor.readAgain(spec, request, letters, file);
  return request.state;
}

function identified(
  files: readonly ResolvedFile[],
  known: Known,
  count: number,
  last: LastRead | null,
  state: JsonObject | null,
): IdentifiedSource {
  if (last && count === 0 && known.mode === undefined)
    return { identity: last.identity, files, mode: 'append', state: last.state, ...known };
  const hash = createHash('sha256').update(last?.identity ?? '');
  for (const { shownAs, sha256 } of files) hash.update(`\0${shownAs}\0${sha256}`);
  const identity = hash.update(known.typed ? JSON.stringify(known.typed) : '').digest('hex');
  return { identity, files, mode: last ? 'append' : 'overwrite', state, ...known };
}
