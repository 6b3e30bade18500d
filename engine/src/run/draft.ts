/**
 * The table of a source, made part by part while the source is read: the engine works while the reader does.
 *
 * D1  A draft counts only where the whole reading, opened when it has ended, would have the same columns and rows; else it
 *     is thrown away, as soon as that is known, and the source is opened as if there had been none.
 * D2  Nothing of it is named before the run publishes: files that nobody asked for are removed.
 * D3  Rows that are set aside are no reason to throw it away: it has the others, and the whole reading says which those are.
 */
import type { RelationRef } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { SourceCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { loadTable } from '../iceberg/load-table.ts';
import type { StagedTable, WriteMode } from '../iceberg/table.ts';
import type { WriteRequest } from '../iceberg/write.ts';
import { planWrite, stage, stagedTogether } from '../iceberg/write.ts';
import { withWriteBack } from '../lake/write-back.ts';
import { sourceAdapter } from '../source/adapter.ts';
import type { Drafting, IdentifiedSource, LastRead, OpenedSource } from '../source/source.ts';
import type { ResolveFiles, RunDeps } from './context.ts';
import { makePrivateDir, removePrivateDir } from './private-dir.ts';
import { withProvenance } from './provenance.ts';

/**
 * The reader is at work meanwhile. DuckDB's thread that has nothing more to do asks without rest whether the others are
 * done: with as many as there are cores, it takes from the reader a sixth of what DuckDB itself needs.
 */
const READER_THREADS = 1;
/** Of larger ones threads would not share what is made at once. */
const ROW_GROUP_ROWS = 40_960;

export interface DraftedTable {
  readonly staged: StagedTable;
  /** As the first part was opened, with what `rejects` is where no row is bad. Null where the whole has to say what is bad. */
  readonly opened: OpenedSource | null;
}

/** What a draft is of. */
export interface DraftOf {
  readonly cell: SourceCell;
  readonly last: LastRead | null;
  readonly resolve: ResolveFiles;
  readonly deps: RunDeps;
  readonly signal: AbortSignal;
}

/** What is decided by the first part. */
interface Begun {
  readonly first: IdentifiedSource;
  readonly session: DuckSession;
  readonly opened: OpenedSource;
  readonly request: WriteRequest;
  selectOf(part: IdentifiedSource): string;
}

export async function openDraft(of: DraftOf): Promise<SourceDraft | null> {
  const { relation } = of.cell;
  return relation === null ? null : new SourceDraft(of, relation, await makePrivateDir(of.deps.tempDir));
}

export class SourceDraft implements Drafting {
  readonly dir: string;
  readonly #of: DraftOf;
  readonly #ref: RelationRef;
  readonly #ending = new AbortController();
  #session: Promise<DuckSession> | null = null;
  #begun: Begun | null = null;
  readonly #waiting: Promise<IdentifiedSource>[] = [];
  #staged: StagedTable[] = [];
  #lines = 0;
  #isOver = false;
  #work: Promise<void> = Promise.resolve();

  constructor(of: DraftOf, ref: RelationRef, dir: string) {
    this.#of = of;
    this.#ref = ref;
    this.dir = dir;
  }

  expect(): void {
    if (this.#isOver) return;
    this.#session ??= this.#open();
    this.#session.catch(() => undefined); // whoever needs it is told
  }

  add(part: Promise<IdentifiedSource>): void {
    this.expect();
    this.#waiting.push(part);
    this.#work = this.#work.then(async () => {
      if (this.#isOver) return;
      try {
        await this.#make(await Promise.all(this.#waiting.splice(0)));
      } catch {
        await this.#throwAway(); // why, the whole reading says when it is opened
      }
    });
  }

  /** No more parts come. */
  end(): void {
    this.#work = this.#work.then(() => this.#closeSession());
  }

  /** The table, once, of the reading that ended as `source`. Null where the draft does not say what that would. */
  async take(source: IdentifiedSource, mode: WriteMode): Promise<DraftedTable | null> {
    await this.#work;
    const [first, ...others] = this.#staged;
    const begun = this.#begun;
    if (first === undefined || begun === null || this.#isOver) return null;
    if (first.mode !== mode || source.lines !== this.#lines || !isSameKind(begun.first, source)) {
      await this.#throwAway();
      return null;
    }
    this.#isOver = true;
    const staged = stagedTogether([first, ...others]);
    const { whenAll, ...opened } = begun.opened;
    const isAllGood = staged.rows === source.lines && hasSameLetters(begun.first, source);
    return { staged, opened: isAllGood ? { ...opened, rejects: whenAll?.rejects ?? null } : null };
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#work;
    await this.#throwAway();
    await removePrivateDir(this.dir);
  }

  /** Those that came while others were made are made together. */
  async #make(parts: readonly IdentifiedSource[]): Promise<void> {
    const [first] = parts;
    if (first === undefined) return;
    this.#begun ??= await this.#begin(first);
    const { session, opened, request, selectOf } = this.#begun;
    const together = { ...first, ...parts.at(-1), files: parts.flatMap(({ files }) => files) };
    if (!isSameKind(this.#begun.first, together))
      throw new Fault('conflict', 'a part of this reading is of another kind');
    const lines = parts.reduce((sum, part) => sum + (part.lines ?? 0), 0);
    const plan = planWrite(request);
    const answer = await withWriteBack(plan.written, () => session.rows(plan.copySql(selectOf(together))));
    const staged = await stage(plan, answer, this.#of.deps.lake);
    this.#staged.push(staged);
    this.#lines += lines;
    const mayBeBad = opened.whenAll !== undefined && together.lines !== undefined;
    if (staged.rows !== lines && !mayBeBad) throw new Fault('source-rows-rejected', 'a row of this part is bad');
  }

  #open(): Promise<DuckSession> {
    const { deps, signal } = this.#of;
    const { memoryLimitMb } = deps.limits;
    const threads = Math.max(1, deps.limits.threads - READER_THREADS);
    const until = AbortSignal.any([signal, this.#ending.signal]);
    return deps.duck.open({ writableDir: this.dir, memoryLimitMb, threads, signal: until });
  }

  async #begin(first: IdentifiedSource): Promise<Begun> {
    const { cell, last, resolve, deps } = this.#of;
    const adapter = sourceAdapter(cell.spec.type);
    const session = await (this.#session ?? this.#open());
    const context = { resolve, tempDir: this.dir, last, ...(deps.remote ? { remote: deps.remote } : {}) };
    const opened = await adapter?.open(cell.spec, first, session, context);
    const { ofPart } = opened ?? {};
    if (!opened || !ofPart) throw new Fault('unsupported', 'parts of this reading say little of the whole');
    const now = deps.now();
    const selectOf = (part: IdentifiedSource) => withProvenance(ofPart(part), cell.spec, now);
    const [current, columns] = await Promise.all([
      loadTable(deps.db, deps.lake, this.#ref),
      session.describe(selectOf(first)),
    ]);
    const request: WriteRequest = {
      current,
      ref: this.#ref,
      columns,
      mode: last === null ? 'overwrite' : 'append',
      lake: deps.lake,
      writableDir: this.dir,
      location: deps.lake.newTableLocation(this.#ref),
      rowGroupRows: ROW_GROUP_ROWS,
    };
    return { first, session, opened, request, selectOf };
  }

  async #closeSession(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await (await session?.catch(() => null))?.close();
  }

  async #throwAway(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const { lake } = this.#of.deps;
    await this.#closeSession();
    await Promise.all(this.#staged.flatMap(({ dataFiles }) => dataFiles.map(({ url }) => lake.remove(url))));
  }
}

/** Whether nothing came behind the first part that is said otherwise: no other field or type. */
function isSameKind(first: IdentifiedSource, source: IdentifiedSource): boolean {
  const kind = ({ fields = [], types = {}, hasLong }: IdentifiedSource) =>
    JSON.stringify([fields.toSorted(), Object.entries(types).toSorted(), hasLong]);
  return kind(first) === kind(source);
}

/** Whether what the first part says of bad rows holds for all: no message was kept in a row of its own. */
function hasSameLetters(first: IdentifiedSource, source: IdentifiedSource): boolean {
  return first.files.length === source.files.length && first.inLine?.topic === source.inLine?.topic;
}
