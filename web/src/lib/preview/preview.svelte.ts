import { type CellId, type Column, offsetToLineColumn, type Params, worded } from '@datacraft/shared';
import { Table, tableFromIPC } from 'apache-arrow';

import { Answers } from './answers.ts';
import { columnsOf } from './arrow.ts';
import type { Attempt } from './attempt.ts';
import { CellPreview } from './cell-preview.svelte.ts';
import { DoorError, type PreviewDoor, type ServerResult } from './door.ts';
import type { Engine } from './engine.ts';
import type { Extent } from './extent.ts';
import { type Grown, growRows } from './growing-rows.ts';
import { placedFailure } from './placed-failure.ts';
import { type Made, onlyHere, type PreviewCell, UpstreamError } from './relations.ts';
import type { HeldRows, PreviewError, PreviewResult } from './result.ts';
import { prepareText, type Statement, variableStatements, withMade } from './statement.ts';
import { watch } from './watchdog.ts';
import { type Rows, Workbench } from './workbench.ts';

export type { Made, PreviewCell };

const SERVER_ROWS = 10_000;
const MAX_DEBOUNCE_MS = 30;
/** A cell that somebody else types in is shown no more often than this: who watches is not in a hurry. */
const OTHERS_MS = 500;
/** Keys further apart are not one burst: the first of a burst is answered at once. */
const BURST_MS = 150;
/** Readers slower than this get what they read as rows. */
const SLOW_MS = 40;
export interface PreviewOptions extends PreviewDoor {
  readonly boot?: () => Promise<Engine>;
  readonly clock?: () => number;
}

export function createPreview(options: PreviewOptions): Preview {
  return new Preview(options);
}

/** What a run binds beside the inputs: the server alone knows it. */
const boundByRuns: ReadonlySet<string> = new Set(['interval_start', 'interval_end']);

/**
 * Results as people type: one engine per notebook, one attempt per cell.
 *
 * V1  A newer keystroke cancels the attempt before it, and nothing late is ever shown.
 * V2  The last good result stays until its successor has rows.
 * V3  What the browser cannot do is done by the server without being asked; only `engine` tells.
 * V4  A text that says nothing is idle before and after it is asked for: who asks while a cell is idle asks once.
 */
export class Preview {
  readonly #bench: Workbench;
  readonly #door: PreviewDoor;
  readonly #now: () => number;
  readonly #answers: Answers;
  readonly #views = new Map<CellId, CellPreview>();
  readonly #attempts = new Map<CellId, Attempt>();
  readonly #timers = new Map<CellId, ReturnType<typeof setTimeout>>();
  readonly #lastMs = new Map<CellId, number>();
  readonly #askedAt = new Map<CellId, number>();
  readonly #begunAt = new Map<CellId, number>();
  readonly #lastText = new Map<CellId, string>();
  #cells = new Map<CellId, PreviewCell>();
  #params: Params = {};
  #version = 0;

  constructor(options: PreviewOptions) {
    this.#door = options;
    this.#now = options.clock ?? (() => Date.now());
    this.#bench = new Workbench(options, options.boot);
    this.#answers = new Answers(this.#bench, this.#now);
  }

  /** The cells as they stand, by name what they define. Call it when a text, a name or a published version changes. */
  define(cells: readonly PreviewCell[]): void {
    this.#cells = new Map(cells.map((cell) => [cell.id, cell]));
    this.#bench.setCells(new Map(cells.map((cell) => [cell.name, cell])));
  }

  /** Values of the inputs with the DuckDB type each is bound as (`boundParams`, `boundTypes`). */
  bind(params: Params, types: Readonly<Record<string, string>> = {}): void {
    this.#params = params;
    this.#bench.setVariables(variableStatements(params, types), params);
  }

  warm(): void {
    this.#bench.warm();
  }

  /** The reactive state of a cell; the same object every time. */
  of(cellId: CellId): CellPreview {
    const view = this.#views.get(cellId) ?? new CellPreview();
    this.#views.set(cellId, view);
    return view;
  }

  /**
   * Shows the result of this text soon: at once when the last one was quick or long ago, else after the shortest pause.
   * `by` others: the text is typed somewhere else.
   */
  preview(cellId: CellId, text?: string, by: 'hand' | 'others' = 'hand'): void {
    const cell = this.#cells.get(cellId);
    if (cell === undefined) return;
    this.#drop(cellId);
    const asked = text ?? cell.text;
    const prepared = prepareText(asked);
    if (prepared.kind === 'empty') return this.#settleEmpty(cellId, asked);
    const attempt = this.#begin(cell, asked, prepared, by);
    const pauseMs = attempt.rank === 'watched' ? this.#pauseOfOthers(attempt) : this.#pauseOfHand(attempt);
    const start = () => {
      this.#begunAt.set(cellId, performance.now());
      void this.#attempt(attempt);
    };
    if (pauseMs === 0) queueMicrotask(start);
    else this.#timers.set(cellId, setTimeout(start, pauseMs));
  }

  #pauseOfHand({ cell, startedAt }: Attempt): number {
    const sinceLast = startedAt - (this.#askedAt.get(cell.id) ?? 0);
    this.#askedAt.set(cell.id, startedAt);
    const slack = (this.#lastMs.get(cell.id) ?? 0) - 16;
    return sinceLast > BURST_MS ? 0 : Math.min(MAX_DEBOUNCE_MS, Math.max(0, slack));
  }

  /** Counted from the last one that began, so that somebody who types on does not put it off for ever. */
  #pauseOfOthers({ cell, startedAt }: Attempt): number {
    return Math.max(0, (this.#begunAt.get(cell.id) ?? -Infinity) + OTHERS_MS - startedAt);
  }

  /** Shows rows the server answered to something that is no cell's text: an ad-hoc query, a published table. */
  show(cellId: CellId, answer: ServerResult): void {
    this.#drop(cellId);
    const result = this.#answers.ofServer(answer);
    const isCut = answer.extent.kind === 'sample';
    this.#settle(cellId, { ...result, truncatedAt: isCut ? result.rowCount : null });
  }

  /** At most `limit` rows of a trusted text; what is published of the cell where its text gives none. */
  async rowsOf(
    text: string,
    cell: { readonly cellId: CellId; readonly name: string },
    limit: number,
  ): Promise<HeldRows> {
    const statement = statementOf(text);
    const { signal } = new AbortController();
    const { bytes, extent } = await this.#bench.bytes(statement, limit, signal).catch((error: unknown) => {
      if (error instanceof UpstreamError) return this.#door.fetchSample({ kind: 'cell', ...cell }, signal);
      throw error;
    });
    const table = tableFromIPC(bytes);
    return { bytes, extent, columns: columnsOf(table.schema), rowCount: table.numRows };
  }

  /** At most `limit` rows of a trusted text over what it reads, as an Arrow stream. */
  async select(text: string, limit: number, signal: AbortSignal): Promise<{ bytes: Uint8Array; extent: Extent }> {
    return this.#bench.bytes(statementOf(text), limit, signal);
  }

  /** Names and exact types of what a trusted text gives; what it reads was selected from before. */
  async describe(text: string, signal: AbortSignal): Promise<Column[]> {
    return this.#bench.describe(statementOf(text).sql, signal);
  }

  cancel(cellId: CellId): void {
    const view = this.of(cellId);
    this.#drop(cellId);
    if (view.state === 'running') view.state = view.result === null ? 'idle' : 'ok';
  }

  dispose(): void {
    for (const cellId of this.#attempts.keys()) this.#drop(cellId);
    this.#bench.discard();
  }

  #begin(cell: PreviewCell, text: string, prepared: Attempt['prepared'], by: 'hand' | 'others'): Attempt {
    this.#version += 1;
    const before = this.#lastText.get(cell.id);
    const isChanged = before !== undefined && before !== text;
    const rank = !isChanged ? 'shown' : by === 'hand' ? 'typed' : 'watched';
    this.#lastText.set(cell.id, text);
    const abort = new AbortController();
    const attempt: Attempt = {
      version: this.#version,
      cell,
      text,
      prepared,
      startedAt: performance.now(),
      abort,
      rank,
    };
    this.#attempts.set(cell.id, attempt);
    const view = this.of(cell.id);
    view.state = 'running';
    view.startedAt = this.#now();
    return attempt;
  }

  #drop(cellId: CellId): void {
    clearTimeout(this.#timers.get(cellId));
    this.#timers.delete(cellId);
    this.#attempts.get(cellId)?.abort.abort();
    this.#attempts.delete(cellId);
  }

  #isCurrent(attempt: Attempt): boolean {
    return this.#attempts.get(attempt.cell.id)?.version === attempt.version;
  }

  async #attempt(attempt: Attempt): Promise<void> {
    if (!this.#isCurrent(attempt)) return;
    const { prepared } = attempt;
    if (prepared.kind === 'refused') {
      return this.#fail(attempt, { ...worded(prepared.why), offset: prepared.offset, because: null });
    }
    const { made } = attempt.cell;
    const isBound = prepared.statement.variables.some((name) => boundByRuns.has(name) && !(name in this.#params));
    if (isBound || made === 'server') return this.#onServer(attempt);
    const statement = withMade(prepared.statement, made);
    try {
      await this.#inBrowser(attempt, statement);
    } catch (error) {
      if (this.#isCurrent(attempt)) await this.#recover(attempt, statement, error);
    }
  }

  async #inBrowser(attempt: Attempt, statement: Statement): Promise<void> {
    const { cell, abort } = attempt;
    const endTurn = await this.#bench.turns.take(attempt.rank, abort.signal);
    const watchdog = watch(abort, () => this.#bench.discard());
    const view = this.of(cell.id);
    view.starting = !this.#bench.isReady;
    const onFirst = () => {
      view.starting = false;
      watchdog.disarm();
      endTurn();
    };
    try {
      await this.#bench.run(`cell:${cell.id}`, cell.name, statement, abort.signal, (rows) =>
        this.#show(attempt, statement, rows, onFirst),
      );
      if ((this.#lastMs.get(cell.id) ?? 0) > SLOW_MS) this.#keepInputs(attempt, statement);
    } catch (error) {
      throw watchdog.fired() ? new Error('Out of Memory Error: the browser took too long') : error;
    } finally {
      onFirst();
    }
  }

  /** So that the next keystroke does not compute again what stands above. */
  #keepInputs(attempt: Attempt, statement: Statement): void {
    void this.#bench.keepInputs(statement, attempt.cell.name, attempt.abort.signal).catch(() => {
      // Only a saving: a view that cannot be kept, or an attempt that is over, goes on as a view.
    });
  }

  #show(attempt: Attempt, statement: Statement, rows: Rows, onFirst: () => void): Promise<void> {
    const { cell, version, startedAt, abort } = attempt;
    let durationMs = 0;
    let last: Grown | null = null;
    const relation = this.#answers.over(() => {
      const isWhole = last !== null && last.complete && last.truncatedAt === null;
      return {
        slot: cell.id,
        version,
        sql: statement.sql,
        table: last?.table ?? new Table(rows.schema),
        whole: isWhole,
      };
    });
    return growRows(rows, {
      isCurrent: () => this.#isCurrent(attempt),
      signal: abort.signal,
      onFirst: () => {
        durationMs = performance.now() - startedAt;
        this.#lastMs.set(cell.id, durationMs);
        onFirst();
      },
      onRows: (grown) => {
        last = grown;
        if (!this.#isCurrent(attempt)) return;
        const { extent } = rows;
        this.#settle(cell.id, { ...grown, extent, relation, durationMs, engine: 'browser', at: this.#now() });
      },
      describe: () => this.#bench.describe(statement.sql, abort.signal),
    });
  }

  async #recover(attempt: Attempt, statement: Statement, error: unknown): Promise<void> {
    if (error instanceof UpstreamError) {
      const { message, said, cell } = error;
      return this.#fail(attempt, { message, said, offset: null, because: cell });
    }
    const failure = await placedFailure(statement, error, (sql) => this.#bench.judge(sql));
    if (!this.#isCurrent(attempt)) return;
    switch (failure.kind) {
      case 'cancelled':
        return;
      case 'text':
      case 'missing': {
        return this.#fail(attempt, { message: failure.message, offset: failure.offset, because: null });
      }
      case 'crash':
      case 'memory':
        this.#bench.discard();
        return this.#onServer(attempt);
      case 'unsupported':
        return this.#onServer(attempt);
    }
  }

  async #onServer(attempt: Attempt): Promise<void> {
    const { cell, text } = attempt;
    const refusal = onlyHere(cell);
    if (refusal !== null) return this.#fail(attempt, { ...worded(refusal), offset: null, because: null });
    const abort = new AbortController();
    const current: Attempt = { ...attempt, abort };
    this.#attempts.set(cell.id, current);
    this.of(cell.id).engine = 'server';
    try {
      const request = { cellId: cell.id, source: text, params: this.#params, limit: SERVER_ROWS };
      const answer = await this.#door.runOnServer(request, abort.signal);
      if (!this.#isCurrent(current)) return;
      const result = this.#answers.ofServer(answer);
      const isCut = answer.totalRows === null || answer.totalRows > result.rowCount;
      this.#settle(cell.id, {
        ...result,
        truncatedAt: isCut && result.rowCount >= SERVER_ROWS ? result.rowCount : null,
        durationMs: answer.durationMs || performance.now() - attempt.startedAt,
      });
    } catch (error) {
      if (!this.#isCurrent(current) || abort.signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      const told = error instanceof DoorError ? { line: error.line, column: error.column, said: error.said } : {};
      this.#fail(current, { message, offset: null, because: null, ...told });
    }
  }

  #settle(cellId: CellId, result: PreviewResult): void {
    const view = this.of(cellId);
    view.result = result;
    view.engine = result.engine;
    view.error = null;
    view.state = 'ok';
  }

  #settleEmpty(cellId: CellId, text: string): void {
    this.#lastText.set(cellId, text);
    const view = this.of(cellId);
    view.state = 'idle';
    view.error = null;
  }

  #fail(attempt: Attempt, facts: Omit<PreviewError, 'line' | 'column'> & Partial<PreviewError>): void {
    if (!this.#isCurrent(attempt)) return;
    const place = facts.offset === null ? { line: null, column: null } : offsetToLineColumn(attempt.text, facts.offset);
    const view = this.of(attempt.cell.id);
    view.error = { ...place, ...facts };
    view.state = 'error';
  }
}

function statementOf(text: string): Statement {
  const prepared = prepareText(text);
  if (prepared.kind !== 'statement') throw new Error(`${text} is not one SELECT`);
  return prepared.statement;
}
