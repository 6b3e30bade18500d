import { type CellId, quoteIdentifier } from '@datacraft/shared';

import { DoorError, type PreviewDoor, type RelationKey } from './door.ts';
import type { Engine, Lane } from './engine.ts';
import { combineExtents, type Extent } from './extent.ts';
import { readFailure } from './failure.ts';
import { prepareText, type Statement } from './statement.ts';

/** A cell as the preview needs it. `version` changes when what the server holds for it does. */
export interface PreviewCell {
  readonly id: CellId;
  readonly name: string;
  readonly kind: string;
  readonly text: string;
  readonly version: string;
}

/** A cell that was needed has an error of its own. */
export class UpstreamError extends Error {
  readonly cell: string;
  constructor(cell: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'UpstreamError';
    this.cell = cell;
  }
}

interface Defined {
  readonly key: string;
  readonly extent: Extent;
}

/**
 * The relations of a notebook as one engine holds them: tables for what the server sent, views for SQL cells.
 *
 * R1  A relation is defined anew when its text, its data or anything it reads has changed; never otherwise.
 * R2  What a SQL cell the browser cannot compute gives is fetched from the server, as a table under the same name.
 */
export class Relations {
  readonly #engine: Engine;
  readonly #lane: Lane;
  readonly #door: PreviewDoor;
  readonly #defined = new Map<string, Defined>();
  readonly #kinds = new Map<string, 'view' | 'table'>();
  #bound = '';
  #work: Promise<unknown> = Promise.resolve();
  #cells = new Map<string, PreviewCell>();
  /** Bytes put into the engine since it was booted; they never come back. */
  loadedBytes = 0;

  constructor(engine: Engine, lane: Lane, door: PreviewDoor) {
    this.#engine = engine;
    this.#lane = lane;
    this.#door = door;
  }

  setCells(cells: ReadonlyMap<string, PreviewCell>): void {
    this.#cells = new Map(cells);
  }

  /** Views are bound when they are made: what they read of the parameters must be set on this lane too. */
  async bind(variables: readonly string[]): Promise<void> {
    const wanted = variables.join(';');
    if (wanted === this.#bound) return;
    await this.exclusive(async (lane) => {
      for (const statement of variables) await this.#engine.query(lane, statement);
      this.#bound = wanted;
    });
  }

  /** One at a time: definitions share a lane, and two readers of one source fetch it once. */
  exclusive<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
    const next = this.#work.then(
      () => work(this.#lane),
      () => work(this.#lane),
    );
    this.#work = next.catch(() => {});
    return next;
  }

  /** Defines all that the statement reads; its extent. */
  async prepare(statement: Statement, self: string, signal: AbortSignal): Promise<Extent> {
    return this.exclusive(async () => {
      const inputs = await this.#inputs(statement, [self], signal);
      return combineExtents(inputs.map((input) => input.extent));
    });
  }

  async #inputs(statement: Statement, trail: readonly string[], signal: AbortSignal): Promise<Defined[]> {
    const inputs: Defined[] = [];
    for (const name of await this.#reads(statement, trail.at(-1) ?? '')) {
      if (trail.includes(name)) throw new UpstreamError(name, `reads itself: ${[...trail, name].join(' → ')}`);
      inputs.push(await this.#define(name, trail, signal));
    }
    for (const ref of statement.tables) inputs.push(await this.#fetch(ref.layer, ref.name, '', tableKey(ref), signal));
    return inputs;
  }

  /** Names the text may mean, narrowed by the engine's own parser when the text parses. */
  async #reads(statement: Statement, self: string): Promise<string[]> {
    const candidates = [...statement.words].filter((word) => word !== self && this.#cells.has(word));
    if (candidates.length === 0) return [];
    const named = await this.#engine.tableNames(this.#lane, statement.sql).catch(() => null);
    if (named === null) return candidates;
    const exact = new Set(named.map((name) => name.toLowerCase()));
    return candidates.filter((name) => exact.has(name));
  }

  async #define(name: string, trail: readonly string[], signal: AbortSignal): Promise<Defined> {
    const cell = this.#cells.get(name);
    if (cell === undefined) throw new UpstreamError(name, `there is no cell named ${name}`);
    const key: RelationKey = { kind: 'cell', cellId: cell.id, name };
    if (cell.kind !== 'sql') return this.#fetch('main', name, cell.version, key, signal);
    const prepared = prepareText(cell.text);
    if (prepared.kind !== 'statement') throw new UpstreamError(name, `${name} is not one SELECT yet`);
    const inputs = await this.#inputs(prepared.statement, [...trail, name], signal);
    const viewKey = JSON.stringify([prepared.statement.sql, inputs.map((input) => input.key)]);
    const before = this.#defined.get(name);
    if (before?.key === viewKey) return before;
    try {
      await this.#replace('main', name, 'view', () =>
        this.#engine.query(this.#lane, `CREATE VIEW main.${quoteIdentifier(name)} AS ${prepared.statement.sql}`),
      );
    } catch (error) {
      const failure = readFailure(error);
      if (failure.kind === 'unsupported') return this.#fetch('main', name, viewKey, key, signal);
      if (failure.kind === 'text' || failure.kind === 'missing')
        throw new UpstreamError(name, failure.message, { cause: error });
      throw error;
    }
    const defined = { key: viewKey, extent: combineExtents(inputs.map((input) => input.extent)) };
    this.#defined.set(name, defined);
    return defined;
  }

  async #fetch(schema: string, name: string, version: string, key: RelationKey, signal: AbortSignal): Promise<Defined> {
    const place = schema === 'main' ? name : `${schema}.${name}`;
    const wanted = `data:${version}`;
    const before = this.#defined.get(place);
    if (before?.key === wanted) return before;
    const sample = await this.#door.fetchSample(key, signal).catch((error: unknown) => {
      if (error instanceof DoorError) throw new UpstreamError(name, error.message, { cause: error });
      throw error;
    });
    await this.#replace(schema, name, 'table', () => this.#engine.insert(this.#lane, schema, name, sample.bytes));
    this.loadedBytes += sample.bytes.length;
    const defined = { key: wanted, extent: sample.extent };
    this.#defined.set(place, defined);
    return defined;
  }

  async #replace(schema: string, name: string, kind: 'view' | 'table', make: () => Promise<unknown>): Promise<void> {
    const place = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
    const before = this.#kinds.get(place);
    this.#defined.delete(schema === 'main' ? name : `${schema}.${name}`);
    if (before !== undefined) await this.#engine.query(this.#lane, `DROP ${before} IF EXISTS ${place}`);
    this.#kinds.delete(place);
    await make();
    this.#kinds.set(place, kind);
  }

  /** Puts rows of a server's answer where `ask` can reach them. */
  async adopt(name: string, bytes: Uint8Array): Promise<void> {
    await this.exclusive((lane) => this.#engine.insert(lane, 'main', name, bytes));
    this.loadedBytes += bytes.length;
  }

  async forget(name: string): Promise<void> {
    await this.exclusive((lane) => this.#engine.query(lane, `DROP TABLE IF EXISTS main.${quoteIdentifier(name)}`));
  }
}

function tableKey(ref: { layer: string; name: string }): RelationKey {
  return { kind: 'table', ...ref };
}
