import type { Column, ParamValue, ResultPage } from '@datacraft/shared';

/**
 * A session is one private DuckDB instance in a killable child process.
 *
 * D1  Once `open` resolves, external access is off and the configuration is locked: SQL sees the files in `readable`
 *     and the one directory in `writableDir`, no network, no extensions, no settings.
 * D2  `timeoutMs` and the abort signal are kept whatever the SQL does: interrupt first, then the process is killed
 *     within two seconds.
 * D3  A child serves one session at a time; a child that was killed or grew past its memory bound is replaced.
 *
 * Only this room imports `@duckdb/*`.
 */
export interface SessionOptions {
  /** Absolute paths of files that SQL of this session may read. */
  readonly readable?: readonly string[];
  /** One private directory that the session may write and read; it must exist. */
  readonly writableDir?: string;
  /** Each answers as `predict_<name>(row)`. */
  readonly models?: readonly SessionModel[];
  readonly memoryLimitMb?: number;
  readonly threads?: number;
  /** For the session as a whole, from `open` on. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A trained model in a file, that our code reads and SQL does not. */
export interface SessionModel {
  readonly name: string;
  readonly file: string;
}

/** DuckDB's own guess at its work. Its counts beside it are of what operators expect, which are no rows of anybody. */
export interface Progress {
  readonly percent: number | null;
}

export interface StatementOptions {
  /** Bound by name, `$name`. Integers bind as BIGINT, other numbers as DOUBLE, arrays as lists, null as NULL. */
  readonly params?: Readonly<Record<string, ParamValue>>;
  readonly onProgress?: (progress: Progress) => void;
}

export interface RowsOptions extends StatementOptions {
  /** At most so many rows come back; `totalRows` still counts all when `countTotal` is set. */
  readonly limit?: number;
  readonly countTotal?: boolean;
  /** Rows that weigh more are a `too-large` fault; 256 MB when not given. */
  readonly maxBytes?: number;
}

export interface ArrowOptions extends StatementOptions {
  readonly limit?: number;
  /** Absolute path inside `writableDir`; the Arrow IPC stream is written there. */
  readonly file: string;
}

/**
 * Failures are Faults: `query-failed` (facts: `offset`, 0-based UTF-16 position in `sql` when the engine told it),
 * `out-of-memory`, `disk-full`, `timed-out`, `cancelled`, `query-refused`, `worker-died`.
 */
export interface DuckSession {
  /** Runs one or several statements and drops their rows. */
  run(sql: string, options?: StatementOptions): Promise<void>;
  rows(sql: string, options?: RowsOptions): Promise<ResultPage>;
  /** Writes the result as an Arrow IPC stream (apache-arrow 17 reads it), with exact types where Arrow has them. */
  arrow(
    sql: string,
    options: ArrowOptions,
  ): Promise<{ columns: readonly Column[]; rowCount: number; sizeBytes: number; truncated: boolean }>;
  /** Columns of a SELECT, without running it. */
  describe(sql: string, options?: StatementOptions): Promise<readonly Column[]>;
  /** Binds a session variable that `getvariable('name')` reads, also inside views. */
  setVariable(name: string, value: ParamValue, type?: string): Promise<void>;
  close(): Promise<void>;
}

export interface DuckPool {
  open(options?: SessionOptions): Promise<DuckSession>;
  /** DuckDB's own syntax tree of SELECT statements (`json_serialize_sql`), parsed in a child, or the syntax error. */
  parse(sql: string): Promise<SqlTree>;
  /** Ends every child; open sessions fail with `cancelled`. */
  stop(): Promise<void>;
}

export type SqlTree =
  | { readonly kind: 'tree'; readonly statements: readonly unknown[] }
  /** `offset` is a 0-based UTF-16 position in the text. */
  | { readonly kind: 'error'; readonly message: string; readonly offset: number | null };
