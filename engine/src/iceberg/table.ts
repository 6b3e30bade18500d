import type { Column, RelationRef } from '@datacraft/shared';
import type { IceField } from './field-type.ts';
import type { TableMetadata } from './metadata.ts';
import type { PartitionField } from './partition/partition-field.ts';
import type { PartitionValue } from './partition/partition-value.ts';

/**
 * The warehouse: Apache Iceberg v2 tables written by us. DuckDB writes the Parquet, this room writes manifests and
 * metadata, PostgreSQL's `iceberg_tables` says which metadata file a name means now.
 *
 *     load-table ─► write (plan) ─► COPY in a session ─► write (stage) ─► commit ─► load-table
 *
 * W1  A table changes only in its caller's transaction: all tables of that transaction or none.
 * W2  A file, once written, is never changed; a new state is new files. So readers need no lock, and caches no expiry.
 * W3  Concurrent commits of one table are ordered by its lock; each builds on the one before and none is lost.
 * W4  A field id means one column for ever. An incompatible column gets a new id.
 * W5  Nothing is removed but by `sweepOrphans`, and only what no snapshot of any table names and what none has for a while.
 *
 * It does not: check rows (expectation), own names (publish writes `relations`), run SQL (duckdb).
 */

/** A published table as its current (or asked-for) snapshot shows it. Immutable: a new snapshot is a new value. */
export interface TableState {
  readonly ref: RelationRef;
  /** Table root, a `file:///…` URL. */
  readonly location: string;
  readonly metadataLocation: string;
  readonly snapshotId: string;
  readonly columns: readonly Column[];
  /** The schema of this snapshot with field ids. */
  readonly fields: readonly IceField[];
  /** Absolute paths of the live data files. */
  readonly files: readonly string[];
  /** Whether each file holds exactly the columns of `fields`. */
  readonly uniform: boolean;
  readonly rows: number;
  readonly sizeBytes: number;
  /** Epoch ms of the snapshot. */
  readonly committedAtMs: number;
  /** `datacraft.run-id`, `datacraft.cell`, `datacraft.fingerprint`, … of this snapshot. */
  readonly summary: Readonly<Record<string, string>>;
}

/** A table state with the metadata file it was read from: what a write is planned against. */
export interface LoadedTable extends TableState {
  readonly metadata: TableMetadata;
}

/** How staged files change the table: all rows anew, more rows, or some data files replaced by others. */
export type WriteMode = 'overwrite' | 'append';

/**
 * Everything needed to write rows of a table before anything is visible: where the data file goes, which casts and
 * field ids it gets, and the schema the table will have.
 */
export interface WritePlan {
  readonly ref: RelationRef;
  readonly mode: WriteMode;
  /**
   * Absolute path in the session's `writableDir`: the COPY writes here, so that no session can write into the lake. Of
   * several partitions a directory.
   */
  readonly written: string;
  /** Without ending: files get their place in the lake below it. */
  readonly dataName: string;
  /** Empty for a table that is not partitioned. */
  readonly partition: readonly PartitionField[];
  /** The partition of all rows, where they are written as one file; null when the COPY tells them apart. */
  readonly only: readonly PartitionValue[] | null;
  /** What the session has to know before the COPY. */
  readonly setup: readonly string[];
  /** Table root, a `file:///…` URL; of a new table the one it will have. */
  readonly location: string;
  /** The schema the table will have. */
  readonly fields: readonly IceField[];
  /** As the manifests name them; of an append alone. */
  readonly replaced: ReadonlySet<string>;
  /** What stays of the table beside the written rows: all of it on append, nothing on overwrite. */
  readonly kept: { readonly files: readonly string[]; readonly rows: number };
  /** Whether each file of the table, also those that stay, will hold exactly the columns of `fields`. */
  readonly uniform: boolean;
  /** What the data file holds: a part of `fields`, in the order of the SELECT. */
  readonly writtenFields: readonly IceField[];
  /** Highest field id of the table when this was planned, and after it. */
  readonly baseColumnId: number;
  readonly lastColumnId: number;
  /** `select`'s rows in the types that they are written in. */
  typedSql(select: string): string;
  /** The COPY that writes `select`'s rows; run it with `session.rows` and give the answer to `stage`. */
  copySql(select: string): string;
}

/** Files of a table that an append takes the place of: the rows that stay of them are among those it writes. */
export interface ReplacedFiles {
  readonly paths: ReadonlySet<string>;
  /** As the table's manifests name them. */
  readonly urls: ReadonlySet<string>;
  readonly rows: number;
}

/** One data file with the figures its manifest entry will hold. Bounds are in Iceberg's single-value form. */
export interface DataFile {
  /** `file:///…` URL. */
  readonly url: string;
  readonly rows: number;
  readonly sizeBytes: number;
  readonly columnSizes: ReadonlyMap<number, number>;
  readonly valueCounts: ReadonlyMap<number, number>;
  readonly nullCounts: ReadonlyMap<number, number>;
  readonly nanCounts: ReadonlyMap<number, number>;
  readonly lowerBounds: ReadonlyMap<number, Buffer>;
  readonly upperBounds: ReadonlyMap<number, Buffer>;
  /** One for each field of the table's spec, in its order. */
  readonly partition: readonly PartitionValue[];
}

/** A written, unpublished file set. Reading it needs only `scanSql`; publishing it is `commitTables`. */
export interface StagedTable {
  readonly ref: RelationRef;
  readonly mode: WriteMode;
  /** Of a write that changes nothing: the state that stays, without a snapshot of its own. */
  readonly asItIs?: { readonly metadataLocation: string; readonly snapshotId: string };
  /** Files that are in the table no more, as its manifests name them; of an append alone. */
  readonly replaced: ReadonlySet<string>;
  /** Absolute paths of the table's data files as they will be: of an append also those it had. */
  readonly files: readonly string[];
  /** Whether each of them holds exactly the columns of `fields`. */
  readonly uniform: boolean;
  /** The written file where the COPY put it: readable in that session, until its private directory is removed. */
  readonly writtenFiles: readonly string[];
  readonly columns: readonly Column[];
  /** Rows of this write. */
  readonly rows: number;
  /** Rows of the table as it will be. */
  readonly totalRows: number;
  /** Bytes of this write. */
  readonly sizeBytes: number;
  readonly location: string;
  readonly fields: readonly IceField[];
  readonly writtenFields: readonly IceField[];
  readonly baseColumnId: number;
  readonly lastColumnId: number;
  readonly partition: readonly PartitionField[];
  readonly dataFiles: readonly DataFile[];
}

/** Rows as a COPY put them into a session's private directory. */
export type WrittenRows = Pick<StagedTable, 'fields' | 'writtenFields' | 'writtenFiles'>;

export interface CommittedTable {
  readonly ref: RelationRef;
  readonly snapshotId: string;
  readonly metadataLocation: string;
  /** Rows of the whole table, not of this write. */
  readonly rows: number;
}

/** The part of a PostgreSQL client this room needs. `commitTables` and `dropTable` need one that is in a transaction. */
export interface Queryable {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Record<string, unknown>[]; readonly rowCount: number | null }>;
}
