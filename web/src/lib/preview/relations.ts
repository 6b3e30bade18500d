import { type CellId, type Params, quoteIdentifier, type Said, say, worded, type Words } from '@datacraft/shared';

import { DoorError, type PreviewDoor, type RelationKey } from './door.ts';
import type { Engine, Lane } from './engine.ts';
import { combineExtents, type Extent, extentOfRows } from './extent.ts';
import { readFailure } from './failure.ts';
import { prepareText, type Statement, whyNotRead, withMade } from './statement.ts';

/**
 * What a table adds to the rows of a cell's text: SQL before it and after it, or `server` where the browser does not
 * know enough to add it.
 */
export type Made = { readonly before: string; readonly after: string } | 'server';

/** A cell as the preview needs it. `version` changes when what the server holds for it does. */
export interface PreviewCell {
  readonly id: CellId;
  readonly name: string;
  readonly kind: string;
  readonly text: string;
  readonly version: string;
  /** The published rows are those of this text. */
  readonly isFresh?: boolean;
  /** Its table has more than the rows of the text. */
  readonly made?: Made;
  /** Rows that the person holds of it: its readers get those in place of its own. */
  readonly held?: { readonly version: string; readonly extent: Extent };
  /** Names of what it is computed from, however far above, of which rows are held. */
  readonly readsHeld?: readonly string[];
  /** The cell that the server knows it as, where that is another one. */
  readonly dataOf?: CellId;
}

/** A cell that was needed has an error of its own. */
export class UpstreamError extends Error {
  readonly cell: string;
  readonly said: Said | undefined;
  constructor(cell: string, words: Words, options?: { cause?: unknown }) {
    const { message, said } = worded(words);
    super(message, options);
    this.name = 'UpstreamError';
    this.cell = cell;
    this.said = said;
  }
}

export const MAX_KEPT_ROWS = 1_000_000;
const SERVER_ROWS = 200_000;

interface Defined {
  readonly key: string;
  readonly extent: Extent;
  /** SQL of a view. */
  readonly sql?: string;
}

/** A view to be kept as rows. */
export interface Keepable {
  readonly name: string;
  readonly key: string;
  readonly sql: string;
}

/**
 * The relations of a notebook as one engine holds them: tables for what the server sent, views for SQL cells.
 *
 * R1  A relation is defined anew when its text, its data or anything it reads has changed; never otherwise.
 * R2  What a SQL cell the browser cannot compute gives is fetched from the server, as a table under the same name:
 *     its published rows when they are of this text, else what the server makes of the text now.
 * R3  A view whose readers were slow is kept as rows, made beside the view and put in its place only if nothing
 *     changed meanwhile. What is too large for that stays a view.
 * R4  What is computed from rows that the person holds is never fetched from the server, which computes from those of now.
 */
export class Relations {
  readonly #engine: Engine;
  readonly #lane: Lane;
  readonly #door: PreviewDoor;
  readonly #defined = new Map<string, Defined>();
  readonly #kinds = new Map<string, 'view' | 'table'>();
  /** Tables that hold the rows of views, by name of the view; null for one that is too large. */
  readonly #kept = new Map<string, { readonly key: string; readonly table: string | null }>();
  #keeps = 0;
  #bound = '';
  #params: Params = {};
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
  async bind(variables: readonly string[], params: Params): Promise<void> {
    this.#params = params;
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
      if (trail.includes(name)) throw new UpstreamError(name, circle([...trail, name]));
      inputs.push(await this.#define(name, trail, signal));
    }
    for (const ref of statement.tables) inputs.push(await this.#fetch(ref.layer, ref.name, '', tableKey(ref), signal));
    return inputs;
  }

  /** Names the text may mean, narrowed by the engine's own parser when the text parses. */
  async #reads(statement: Statement, self: string): Promise<string[]> {
    const candidates = [...statement.words].filter((word) => word !== self && this.#cells.has(word));
    if (candidates.length === 0) return [];
    const named = await this.#engine.tableNames(statement.sql).catch(() => null);
    if (named === null) return candidates;
    const exact = new Set(named.map((name) => name.toLowerCase()));
    return candidates.filter((name) => exact.has(name));
  }

  async #define(name: string, trail: readonly string[], signal: AbortSignal): Promise<Defined> {
    const cell = this.#cells.get(name);
    if (cell === undefined) throw new UpstreamError(name, say('there is no cell named `{name}`', { name }));
    const { held } = cell;
    if (held !== undefined)
      return this.#load('main', name, `held ${held.version}`, async () => ({
        bytes: await this.#door.fetchHeld(cell.id, signal),
        extent: held.extent,
      }));
    const key: RelationKey = { kind: 'cell', cellId: cell.dataOf ?? cell.id, name };
    if (cell.kind !== 'sql') return this.#fetch('main', name, cell.version, key, signal);
    const prepared = prepareText(cell.text);
    if (prepared.kind !== 'statement') throw new UpstreamError(name, whyNotRead(prepared));
    if (cell.made === 'server') return this.#fromServer(cell, `${cell.text} ${cell.version}`, key, signal);
    const statement = withMade(prepared.statement, cell.made);
    const inputs = await this.#inputs(statement, [...trail, name], signal);
    const { sql } = statement;
    const bound = sql.includes('getvariable(') ? this.#bound : '';
    const viewKey = JSON.stringify([sql, bound, inputs.map((input) => input.key)]);
    const before = this.#defined.get(name);
    if (before?.key === viewKey) return before;
    try {
      await this.#replace('main', name, 'view', () =>
        this.#engine.query(this.#lane, `CREATE VIEW main.${quoteIdentifier(name)} AS ${sql}`),
      );
    } catch (error) {
      const failure = readFailure(error);
      if (failure.kind === 'unsupported') return this.#fromServer(cell, viewKey, key, signal);
      if (failure.kind === 'text' || failure.kind === 'missing')
        throw new UpstreamError(name, failure.message, { cause: error });
      throw error;
    }
    const defined = { key: viewKey, extent: combineExtents(inputs.map((input) => input.extent)), sql };
    this.#defined.set(name, defined);
    return defined;
  }

  async #fromServer(cell: PreviewCell, viewKey: string, key: RelationKey, signal: AbortSignal): Promise<Defined> {
    const refusal = onlyHere(cell);
    if (refusal !== null) throw new UpstreamError(cell.name, refusal);
    if (cell.isFresh === true) return this.#fetch('main', cell.name, viewKey, key, signal);
    return this.#load('main', cell.name, viewKey, async () => {
      const request = { cellId: cell.dataOf ?? cell.id, source: cell.text, params: this.#params, limit: SERVER_ROWS };
      const { bytes, totalRows } = await this.#door.runOnServer(request, signal);
      return { bytes, extent: extentOfRows(totalRows, SERVER_ROWS, cell.name) };
    });
  }

  async #fetch(schema: string, name: string, version: string, key: RelationKey, signal: AbortSignal): Promise<Defined> {
    return this.#load(schema, name, version, () => this.#door.fetchSample(key, signal));
  }

  async #load(
    schema: string,
    name: string,
    version: string,
    fetchRows: () => Promise<{ bytes: Uint8Array; extent: Extent }>,
  ): Promise<Defined> {
    const place = schema === 'main' ? name : `${schema}.${name}`;
    const wanted = `data:${version}`;
    const before = this.#defined.get(place);
    if (before?.key === wanted) return before;
    const sample = await fetchRows().catch((error: unknown) => {
      if (error instanceof DoorError) throw new UpstreamError(name, error.said ?? error.message, { cause: error });
      throw error;
    });
    this.loadedBytes += sample.bytes.length;
    await this.#replace(schema, name, 'table', () => this.#engine.insert(this.#lane, schema, name, sample.bytes));
    const defined = { key: wanted, extent: sample.extent };
    this.#defined.set(place, defined);
    return defined;
  }

  async #replace(schema: string, name: string, kind: 'view' | 'table', make: () => Promise<unknown>): Promise<void> {
    const place = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
    const before = this.#kinds.get(place);
    const kept = this.#kept.get(name);
    this.#defined.delete(schema === 'main' ? name : `${schema}.${name}`);
    if (before !== undefined) await this.#engine.query(this.#lane, `DROP ${before} IF EXISTS ${place}`);
    this.#kinds.delete(place);
    if (schema === 'main' && kept !== undefined) {
      this.#kept.delete(name);
      if (kept.table !== null) await this.#engine.query(this.#lane, `DROP TABLE IF EXISTS main.${kept.table}`);
    }
    await make();
    this.#kinds.set(place, kind);
  }

  /** Views that the statement reads and that are not kept yet. */
  async keepable(statement: Statement, self: string): Promise<Keepable[]> {
    return this.exclusive(async () => {
      const found: Keepable[] = [];
      for (const read of await this.#reads(statement, self)) {
        const known = this.#defined.get(read);
        if (known?.sql === undefined || this.#kept.get(read)?.key === known.key) continue;
        found.push({ name: read, key: known.key, sql: known.sql });
      }
      return found;
    });
  }

  /** Name of a table for the rows of a view; hand it to `keep` when it is filled. */
  nextTable(): string {
    this.#keeps += 1;
    return quoteIdentifier(`kept ${this.#keeps}`);
  }

  /** Puts filled rows in the place of a view, unless it changed meanwhile. Without a table: it is too large. */
  async keep({ name, key }: Keepable, table: string | null): Promise<void> {
    await this.exclusive(async (lane) => {
      if (this.#defined.get(name)?.key === key) {
        this.#kept.set(name, { key, table });
        if (table === null) return;
        const view = `main.${quoteIdentifier(name)}`;
        await this.#engine.query(lane, `CREATE OR REPLACE VIEW ${view} AS SELECT * FROM main.${table}`);
      } else if (table !== null) await this.#engine.query(lane, `DROP TABLE IF EXISTS main.${table}`);
    });
  }

  /** Puts rows of a server's answer where `ask` can reach them. */
  async adopt(name: string, bytes: Uint8Array): Promise<void> {
    this.loadedBytes += bytes.length;
    // A copy: the grid draws from these bytes, and the engine takes what it gets.
    await this.exclusive((lane) => this.#engine.insert(lane, 'main', name, bytes.slice()));
  }

  async forget(name: string): Promise<void> {
    await this.exclusive((lane) => this.#engine.query(lane, `DROP TABLE IF EXISTS main.${quoteIdentifier(name)}`));
  }
}

/** Why the server cannot be asked for what this cell gives; null: it can. */
export function onlyHere({ readsHeld = [] }: PreviewCell): Said | null {
  if (readsHeld.length === 0) return null;
  return say(
    'the browser cannot compute this, and the server does not have the rows that you hold of {names}; release them to see it',
    { names: { list: readsHeld, by: 'and' } },
  );
}

/** From a cell back to itself. */
function circle(way: readonly string[]): Said {
  const name = way.at(-1) ?? '';
  const first = way.indexOf(name);
  return way.length - first === 2
    ? say('`{name}` reads itself', { name })
    : say('`{name}` reads itself by way of others: {way}', { name, way: way.slice(first).join(' → ') });
}

function tableKey(ref: { layer: string; name: string }): RelationKey {
  return { kind: 'table', ...ref };
}
