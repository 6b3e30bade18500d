import { quoteIdentifier } from '@datacraft/shared';
import { DataType, type Table, tableToIPC } from 'apache-arrow';

import type { Engine } from './engine.ts';
import type { LaneQueue } from './lane-queue.ts';
import { MAX_KEPT_ROWS } from './relations.ts';

/** Up to here the rows at hand are put back; more would hold up the page while they are written. */
const MAX_RETURNED_ROWS = 50_000;

/** A result that may be asked about many times. */
export interface Holdable {
  /** One table is held for each; a newer result takes the place of the one before. */
  readonly slot: string;
  readonly version: number;
  readonly sql: string;
  readonly table: Table;
  /** The table is the whole result. */
  readonly whole: boolean;
}

/**
 * Results as tables of the engine, so that a profile of forty columns does not run the query forty times.
 * One per slot; what is larger than a preview holds is not kept and is asked for by its query.
 */
export class HeldResults {
  readonly #engine: Engine;
  readonly #lane: LaneQueue;
  readonly #held = new Map<string, { readonly version: number; readonly name: string }>();
  #count = 0;
  /** Put into the engine by the page; it never comes back. */
  loadedBytes = 0;

  constructor(engine: Engine, lane: LaneQueue) {
    this.#engine = engine;
    this.#lane = lane;
  }

  /** What to put after FROM. */
  async hold(result: Holdable, variables: readonly string[], signal: AbortSignal): Promise<string> {
    const before = this.#held.get(result.slot);
    if (before?.version === result.version) return before.name;
    if (!result.whole || result.table.numRows > MAX_KEPT_ROWS) return `(${result.sql}\n)`;
    this.#count += 1;
    const plain = `result ${this.#count}`;
    const name = `main.${quoteIdentifier(plain)}`;
    if (before !== undefined) await this.#drop(result.slot, before.name, variables);
    await this.#fill(result, plain, name, variables, signal);
    this.#held.set(result.slot, { version: result.version, name });
    return name;
  }

  async #fill(
    { table, sql }: Holdable,
    plain: string,
    name: string,
    variables: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    if (table.numRows <= MAX_RETURNED_ROWS && table.schema.fields.every(({ type }) => isPlain(type))) {
      const bytes = tableToIPC(table, 'stream');
      this.loadedBytes += bytes.length;
      const isIn = await this.#lane.use(variables, (lane) =>
        this.#engine.insert(lane, 'main', plain, bytes).then(
          () => true,
          // A stream the engine cannot read: the query can be run again.
          () => false,
        ),
      );
      if (isIn) return;
    }
    await this.#lane.drain(variables, `CREATE OR REPLACE TABLE ${name} AS ${sql}`, signal);
  }

  async #drop(slot: string, name: string, variables: readonly string[]): Promise<void> {
    this.#held.delete(slot);
    await this.#lane.use(variables, (lane) => this.#engine.query(lane, `DROP TABLE IF EXISTS ${name}`));
  }
}

/** Types that come back as they went. */
function isPlain(type: DataType): boolean {
  return (
    DataType.isBool(type) ||
    DataType.isInt(type) ||
    DataType.isFloat(type) ||
    DataType.isDecimal(type) ||
    DataType.isUtf8(type) ||
    DataType.isDate(type) ||
    DataType.isTimestamp(type)
  );
}
