import { createHash } from 'node:crypto';
import type { JsonObject, SourceSpec } from '@datacraft/shared';
import { Fault, isFault, say } from '@datacraft/shared';
import type {
  IdentifiedSource,
  LastRead,
  LiveReading,
  ReadSoFar,
  ResolvedFile,
  SourceContext,
  StoredLetter,
} from '../source.ts';
import { Early } from './early.ts';
import type { ExtractFile, ExtractForm, Extractor, ExtractRequest, Known } from './extractor.ts';
import { tellParts } from './parts.ts';

const SAMPLE_RECORDS = 1000;

interface Reading<Spec extends SourceSpec, File extends ExtractFile> {
  readonly extractor: Extractor<Spec, File>;
  readonly form: ExtractForm<File>;
  readonly spec: Spec;
  readonly context: SourceContext;
}

export function identifyExtracted<Spec extends SourceSpec, File extends ExtractFile>(
  extractor: Extractor<Spec, File>,
  form: ExtractForm<File>,
  spec: Spec,
  context: SourceContext,
): Promise<IdentifiedSource> {
  return context.reading === 'status'
    ? Promise.resolve(lastIdentified(context.last ?? null))
    : identifyByContent({ extractor, form, spec, context });
}

function given({ relation, signal, live }: SourceContext): Pick<ExtractRequest, 'relation' | 'signal' | 'live'> {
  return { ...(relation ? { relation } : {}), ...(signal ? { signal } : {}), ...(live ? { live } : {}) };
}

function lastIdentified(last: LastRead | null): IdentifiedSource {
  return { identity: last?.identity ?? 'never read', files: [], state: last?.state ?? null };
}

async function identifyByContent<Spec extends SourceSpec, File extends ExtractFile>(
  reading: Reading<Spec, File>,
): Promise<IdentifiedSource> {
  const { extractor, form, spec, context } = reading;
  const { remote, signal } = context;
  if (!remote)
    throw new Fault(
      'unsupported',
      say('sources of type {type} cannot be read here; run the notebook', { type: spec.type }),
    );
  const last = (extractor.isIncremental(spec) ? context.last : null) ?? null;
  const limit = context.reading === 'sample' ? SAMPLE_RECORDS : (context.live?.limit ?? null);
  const request = { remote, limit, state: last?.state ?? null, ...given(context) };
  const shownAs = extractor.shownAs(spec);
  let file: File | null = null;
  try {
    const early = await earlyWave<File>(request.state, context);
    file = early?.file ?? form.create(context.drafting?.dir ?? context.tempDir);
    const state = early ? early.state : await readNow(reading, request, last, file);
    const resolved = await file.close(shownAs);
    const letters = (await file.closeLetters?.(shownAs)) ?? null;
    const files = letters === null ? [resolved] : [resolved, letters];
    const written = file;
    return {
      ...identified(files, form.known(file), file.count, last, state),
      ...goingOn(reading, { ...request, state }, file.count),
      join: async () => written.join?.(),
      release: () => written.remove(),
    };
  } catch (error) {
    await file?.remove();
    if (signal?.aborted && !isFault(error, 'cancelled'))
      throw new Fault('cancelled', say('reading {shownAs} was cancelled', { shownAs }), {}, { cause: error });
    throw error;
  }
}

/** Puts the records, or the letters that are asked for, into `file`. */
function readNow<Spec extends SourceSpec, File extends ExtractFile>(
  { extractor, form, spec, context }: Reading<Spec, File>,
  request: ExtractRequest,
  last: LastRead | null,
  file: File,
): Promise<JsonObject | null> {
  const { letters, drafting } = context;
  const shownAs = extractor.shownAs(spec);
  if (letters && !last)
    throw new Fault(
      'conflict',
      say('the table of {shownAs} was not made by this cell as it is now; run it, then read what was set aside again', {
        shownAs,
      }),
    );
  return toldWhile(file, context, (tellExpected) => {
    const expect: typeof tellExpected = (rows, isEstimate) => {
      tellExpected(rows, isEstimate);
      if (drafting) tellParts(file, form, { shownAs, mode: modeOf(last) }, rows, drafting);
    };
    return read(extractor, spec, letters, { ...request, expect }, file);
  });
}

async function earlyWave<File extends ExtractFile>(state: JsonObject | null, { live }: SourceContext) {
  const early = live?.takeEarly?.() ?? null;
  return live && early instanceof Early ? (early as Early<File>).wave(state, live) : null;
}

/** A commit that takes all it may leaves more behind. */
function goingOn<Spec extends SourceSpec, File extends ExtractFile>(
  { extractor, form, spec, context: { live, tempDir } }: Reading<Spec, File>,
  request: ExtractRequest,
  count: number,
): Pick<IdentifiedSource, 'goOn'> {
  if (live === undefined || extractor.goesOn !== true || count < live.limit) return {};
  const extract = (own: LiveReading, file: File) => extractor.extract(spec, { ...request, live: own }, file);
  return { goOn: () => new Early(request.state, live, form.create(tempDir), extract) };
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
  return { identity, files, mode: modeOf(last), state, ...known };
}

/** Records come behind those that were read before, or are all there are. */
function modeOf(last: LastRead | null): 'append' | 'overwrite' {
  return last ? 'append' : 'overwrite';
}
