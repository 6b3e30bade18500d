import type { Column, Params } from '@datacraft/shared';
import { type RecordBatch, RecordBatchReader, type Schema, Table, tableFromIPC } from 'apache-arrow';

import type { PreviewDoor } from './door.ts';
import { bootEngine, type Engine, type Lane } from './engine.ts';
import type { Extent } from './extent.ts';
import { HeldResults, type Holdable } from './held-results.ts';
import { LaneQueue } from './lane-queue.ts';
import { MAX_KEPT_ROWS, type PreviewCell, Relations } from './relations.ts';
import type { Statement } from './statement.ts';
import { Turns } from './turns.ts';

/** More than this put into one worker, and it is replaced when nobody waits: its memory never shrinks. */
const RECYCLE_BYTES = 1_200_000_000;

const END_OF_STREAM = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0);

interface Bench {
  readonly engine: Engine;
  readonly relations: Relations;
  readonly lanes: Map<string, LaneQueue>;
  readonly held: HeldResults;
}

export interface Rows {
  readonly schema: Schema;
  readonly extent: Extent;
  readonly batches: AsyncIterable<RecordBatch>;
}

/**
 * One engine at a time with what is defined in it; boots on first use and again after `discard`.
 * Everything it held can be brought back, so that a new engine is not noticed but for the time.
 */
export class Workbench {
  readonly #door: PreviewDoor;
  readonly #boot: () => Promise<Engine>;
  #bench: Promise<Bench> | null = null;
  #cells: ReadonlyMap<string, PreviewCell> = new Map();
  #variables: readonly string[] = [];
  #params: Params = {};
  readonly turns = new Turns();
  #busy = 0;
  /** An engine is there. */
  isReady = false;

  constructor(door: PreviewDoor, boot: () => Promise<Engine> = bootEngine) {
    this.#door = door;
    this.#boot = boot;
  }

  setCells(cells: ReadonlyMap<string, PreviewCell>): void {
    this.#cells = cells;
    void this.#bench?.then((bench) => bench.relations.setCells(cells)).catch(() => {});
  }

  /** `SET VARIABLE` statements; every lane runs them before it works with them. */
  setVariables(statements: readonly string[], params: Params): void {
    this.#variables = statements;
    this.#params = params;
  }

  /** Starts loading the engine before it is needed. */
  warm(): void {
    void this.#open().catch(() => {});
  }

  /**
   * Runs a statement of a cell and hands its rows on as they come. The lane is held until `consume` is done; an
   * aborted signal cancels the query in the engine.
   */
  async run<T>(
    lane: string,
    self: string,
    statement: Statement,
    signal: AbortSignal,
    consume: (rows: Rows) => Promise<T>,
  ): Promise<T> {
    return this.#working(async (bench) => {
      await bench.relations.bind(this.#variables, this.#params);
      const extent = await bench.relations.prepare(statement, self, signal);
      signal.throwIfAborted();
      const queue = this.#queue(bench, lane);
      return queue.use(this.#variables, async (at) => {
        signal.throwIfAborted();
        return streaming(bench.engine, at, statement.sql, signal, (schema, batches) =>
          consume({ schema, extent, batches }),
        );
      });
    });
  }

  /** Rows of a trusted query about a result, which is held as a table from the first question on. */
  async askAbout(result: Holdable, make: (from: string) => string, limit: number, signal: AbortSignal): Promise<Table> {
    return this.turns.spare(async (turn) => {
      const from = await this.#working((bench) => bench.held.hold(result, this.#variables, turn));
      return this.ask('ask', make(from), limit, turn);
    }, signal);
  }

  /** At most `limit` rows of a trusted statement, as bytes that the engine can be given back. */
  async bytes(
    statement: Statement,
    limit: number,
    signal: AbortSignal,
  ): Promise<{ bytes: Uint8Array; extent: Extent }> {
    return this.#working(async (bench) => {
      await bench.relations.bind(this.#variables, this.#params);
      const extent = await bench.relations.prepare(statement, '', signal);
      const sql = `SELECT * FROM (${statement.sql}) LIMIT ${limit}`;
      const bytes = await this.#queue(bench, 'hold').use(this.#variables, async (lane) => {
        // Of `query` the engine makes Arrow's file format, which it does not take back.
        const messages: Uint8Array[] = [];
        for await (const message of bench.engine.stream(lane, sql)) messages.push(message);
        return joined([...messages, END_OF_STREAM]);
      });
      return { bytes, extent };
    });
  }

  /** Names and exact types of what a statement gives. */
  async describe(sql: string, signal: AbortSignal): Promise<Column[]> {
    return this.turns.spare(
      () =>
        this.#working((bench) =>
          this.#queue(bench, 'describe').use(this.#variables, async (lane) => {
            const rows = tableFromIPC(await bench.engine.query(lane, `DESCRIBE ${sql}`)).toArray();
            return rows.map((row) => ({ name: String(row['column_name']), type: String(row['column_type']) }));
          }),
        ),
      signal,
    );
  }

  /** In spare time: makes tables of the views this statement reads, so that the next run of it need not run them. */
  async keepInputs(statement: Statement, self: string, signal: AbortSignal): Promise<void> {
    await this.turns.spare(
      (turn) =>
        this.#working(async (bench) => {
          for (const view of await bench.relations.keepable(statement, self)) {
            const table = bench.relations.nextTable();
            const lane = this.#queue(bench, 'keep');
            await lane.drain(
              this.#variables,
              `CREATE TABLE main.${table} AS SELECT * FROM (${view.sql}\n) LIMIT ${MAX_KEPT_ROWS + 1}`,
              turn,
            );
            const count = await this.ask('keep', `SELECT count(*)::INTEGER AS n FROM main.${table}`, 1, turn);
            const fits = Number(count.getChildAt(0)?.get(0) ?? 0) <= MAX_KEPT_ROWS;
            if (!fits) await lane.use(this.#variables, (at) => bench.engine.query(at, `DROP TABLE main.${table}`));
            await bench.relations.keep(view, fits ? table : null);
          }
        }),
      signal,
    );
  }

  /** Rows of a trusted query over relations that are defined already, whole. */
  async ask(lane: string, sql: string, limit: number, signal: AbortSignal): Promise<Table> {
    return this.#working(async (bench) =>
      this.#queue(bench, lane).use(this.#variables, async (at) => {
        signal.throwIfAborted();
        return streaming(bench.engine, at, sql, signal, async (schema, batches) => {
          const kept: RecordBatch[] = [];
          let rows = 0;
          for await (const batch of batches) {
            if (batch.numRows > 0) kept.push(batch);
            rows += batch.numRows;
            if (rows >= limit) break;
          }
          return kept.length > 0 ? new Table(schema, kept) : new Table(schema, []);
        });
      }),
    );
  }

  /** The failure with its place, which a streamed statement does not tell. */
  async judge(sql: string): Promise<unknown> {
    return this.#working((bench) => bench.relations.exclusive(() => bench.engine.judge(sql, this.#variables)));
  }

  async adopt(name: string, bytes: Uint8Array): Promise<void> {
    await this.#working((bench) => bench.relations.adopt(name, bytes));
  }

  async forget(name: string): Promise<void> {
    if (this.#bench === null) return;
    await this.#working((bench) => bench.relations.forget(name));
  }

  /** Ends the engine at once; the next use boots another. */
  discard(): void {
    const bench = this.#bench;
    this.#bench = null;
    this.isReady = false;
    void bench?.then((held) => held.engine.terminate()).catch(() => {});
  }

  async #working<T>(work: (bench: Bench) => Promise<T>): Promise<T> {
    const bench = await this.#open();
    this.#busy += 1;
    try {
      return await work(bench);
    } finally {
      this.#busy -= 1;
      const loaded = bench.relations.loadedBytes + bench.held.loadedBytes;
      if (this.#busy === 0 && loaded > RECYCLE_BYTES) this.discard();
    }
  }

  #open(): Promise<Bench> {
    this.#bench ??= this.#start().catch((error: unknown) => {
      this.#bench = null;
      throw error;
    });
    return this.#bench;
  }

  async #start(): Promise<Bench> {
    const engine = await this.#boot();
    const relations = new Relations(engine, await engine.connect(), this.#door);
    relations.setCells(this.#cells);
    this.isReady = true;
    const holding = new LaneQueue(engine);
    const lanes = new Map([['hold', holding]]);
    return { engine, relations, lanes, held: new HeldResults(engine, holding) };
  }

  #queue(bench: Bench, lane: string): LaneQueue {
    const queue = bench.lanes.get(lane) ?? new LaneQueue(bench.engine);
    bench.lanes.set(lane, queue);
    return queue;
  }
}

async function streaming<T>(
  engine: Engine,
  lane: Lane,
  sql: string,
  signal: AbortSignal,
  consume: (schema: Schema, batches: AsyncIterable<RecordBatch>) => Promise<T>,
): Promise<T> {
  let drained = false;
  const stop = () => void engine.cancel(lane).catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  async function* messages() {
    yield* engine.stream(lane, sql);
    drained = true;
  }
  try {
    const reader = await RecordBatchReader.from(messages());
    await reader.open();
    return await consume(reader.schema, reader);
  } finally {
    signal.removeEventListener('abort', stop);
    if (!drained) await engine.cancel(lane).catch(() => {});
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
