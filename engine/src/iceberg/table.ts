import type { Column, RelationRef } from '@datacraft/shared';

/** A published table as its current (or asked-for) snapshot shows it. Immutable: a new snapshot is a new value. */
export interface TableState {
  readonly ref: RelationRef;
  /** Table root, a `file:///…` URL. */
  readonly location: string;
  readonly metadataLocation: string;
  readonly snapshotId: string;
  readonly columns: readonly Column[];
  /** Absolute paths of the live data files. */
  readonly files: readonly string[];
  readonly rows: number;
  readonly sizeBytes: number;
  /** Epoch ms of the snapshot. */
  readonly committedAtMs: number;
  /** `datacraft.run-id`, `datacraft.cell`, `datacraft.fingerprint`, … of this snapshot. */
  readonly summary: Readonly<Record<string, string>>;
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
  readonly dataFile: string;
  /** The COPY that writes `select`'s rows; run it with `session.rows` and give the answer to `stage`. */
  copySql(select: string): string;
}

/** A written, unpublished file set. Reading it needs only `scan`; publishing it is `commitTables`. */
export interface StagedTable {
  readonly ref: RelationRef;
  readonly mode: WriteMode;
  readonly files: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly sizeBytes: number;
}

export interface CommittedTable {
  readonly ref: RelationRef;
  readonly snapshotId: string;
  readonly metadataLocation: string;
  readonly rows: number;
}
