import { quoteIdentifier } from '@datacraft/shared';
import type { AsyncDuckDB } from '@duckdb/duckdb-wasm';

/**
 * The browser engine: DuckDB-WASM in one worker, held by one notebook.
 *
 * E1  From `boot` on the configuration is locked and external access is off: SQL reads no file and no URL, loads no
 *     extension, changes no setting.
 * E2  Every promise settles: a worker that fails or is terminated rejects what was under way.
 * E3  Lanes are connections; a statement on one lane does not end a stream on another.
 *
 * It knows nothing of cells. Memory of a worker never shrinks; only `terminate` gives it back.
 */
const LOCK = [
  "SET memory_limit = '1500MB'",
  'SET errors_as_json = true',
  'SET autoinstall_known_extensions = false',
  'SET autoload_known_extensions = false',
  'SET enable_external_access = false',
  'SET lock_configuration = true',
];

export interface Lane {
  readonly id: number;
}

export interface Engine {
  connect(): Promise<Lane>;
  disconnect(lane: Lane): Promise<void>;
  /** Arrow IPC messages: the schema first, then batches, as the engine makes them. */
  stream(lane: Lane, sql: string): AsyncGenerator<Uint8Array, void>;
  /** Stops what `stream` runs on this lane. */
  cancel(lane: Lane): Promise<void>;
  /** One statement, answered whole as an Arrow IPC stream. It cannot be cancelled: for trusted, small statements. */
  query(lane: Lane, sql: string): Promise<Uint8Array>;
  /** Puts an Arrow IPC stream into a table, replacing it. The bytes are given away: they are empty afterwards. */
  insert(lane: Lane, schema: string, name: string, bytes: Uint8Array): Promise<void>;
  /** Names as they are written: of views too, whatever there is under these names. */
  tableNames(sql: string): Promise<string[]>;
  /** The failure that planning this statement gives, as JSON with its place; null when it plans well. */
  judge(sql: string, variables: readonly string[]): Promise<unknown>;
  terminate(): void;
  readonly terminated: boolean;
}

export async function bootEngine(): Promise<Engine> {
  const [duckdb, { default: wasmUrl }, { default: workerUrl }] = await Promise.all([
    import('@duckdb/duckdb-wasm'),
    import('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url'),
    import('@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url'),
  ]);
  const worker = new Worker(workerUrl);
  const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  const end = deathOf(worker);
  await Promise.race([db.instantiate(new URL(wasmUrl, location.href).href), end.died]);
  await db.open({ query: { queryPollingInterval: 10 } });
  // `errors_as_json` belongs to a connection and cannot be set after the lock: this one stays, to ask for places.
  const judge = { id: await db.connectInternal() };
  // Where nothing is defined: of names that mean views the engine tells what these read, not them.
  const blank = { id: await db.connectInternal() };
  const engine = engineOver(db, end, { judge, blank });
  for (const statement of ["ATTACH ':memory:' AS blank", 'USE blank']) await engine.query(blank, statement);
  for (const layer of ['bronze', 'silver', 'gold']) await engine.query(judge, `CREATE SCHEMA ${layer}`);
  for (const statement of LOCK) await engine.query(judge, statement);
  return engine;
}

interface Death {
  readonly died: Promise<never>;
  readonly kill: (reason: string) => void;
  dead: boolean;
}

function deathOf(worker: Worker): Death {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const death: Death = {
    died: promise,
    dead: false,
    kill(reason) {
      death.dead = true;
      reject(new Error(reason));
    },
  };
  worker.addEventListener('error', (event) => death.kill(`worker failed: ${event.message}`));
  return death;
}

function engineOver(db: AsyncDuckDB, death: Death, { judge, blank }: Record<'judge' | 'blank', Lane>): Engine {
  const alive = <T>(work: () => Promise<T>): Promise<T> =>
    death.dead ? death.died : Promise.race([work(), death.died]);
  const engine: Engine = {
    connect: async () => ({ id: await alive(() => db.connectInternal()) }),
    disconnect: async (lane) => alive(() => db.disconnect(lane.id)),
    async *stream(lane, sql) {
      let header = await alive(() => db.startPendingQuery(lane.id, sql, true));
      while (header === null) header = await alive(() => db.pollPendingQuery(lane.id));
      yield header;
      for (;;) {
        const chunk = await alive(() => db.fetchQueryResults(lane.id));
        if (chunk === null) continue;
        if (chunk.length === 0) return;
        yield chunk;
      }
    },
    cancel: async (lane) => void (await alive(() => db.cancelPendingQuery(lane.id))),
    query: async (lane, sql) => alive(() => db.runQuery(lane.id, sql)),
    async insert(lane, schema, name, bytes) {
      const table = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
      await engine.query(lane, `DROP VIEW IF EXISTS ${table}`).catch(() => null);
      await engine.query(lane, `DROP TABLE IF EXISTS ${table}`);
      await alive(() => db.insertArrowFromIPCStream(lane.id, bytes, { schema, name, create: true }));
      // A stream it cannot read is dropped without a word.
      await engine.query(lane, `SELECT 1 FROM ${table} LIMIT 0`);
    },
    tableNames: async (sql) => alive(() => db.getTableNames(blank.id, sql)),
    async judge(sql, variables) {
      try {
        for (const statement of variables) await engine.query(judge, statement);
        await engine.query(judge, `EXPLAIN ${sql}`);
        return null;
      } catch (error) {
        return error;
      }
    },
    terminate() {
      death.kill('worker stopped');
      void db.terminate();
    },
    get terminated() {
      return death.dead;
    },
  };
  return engine;
}
