/** What is known of one partition of a stream, as its rows name it. */
export interface PartitionMemory {
  /** Its latest event time; null while no row of it had one. */
  readonly latestUs: number | null;
  /** When (epoch ms) rows of it came last. */
  readonly seenMs: number;
  /** The last commit did not wait for it. */
  readonly isIdle?: boolean;
  /** Rows of it that came too late. Absent of what was remembered before this was counted. */
  readonly late?: number;
}

/** How far the event times of one stream are known. Microseconds since 1970. */
export interface StreamTimes {
  readonly partitions: Readonly<Record<string, PartitionMemory>>;
  readonly watermarkUs: number | null;
}

/** What a streaming cell remembers with its rows, in their transaction. Its rows of before are in `<name>_state`. */
export interface StreamMemory {
  /** What it was made by: another shape begins anew. */
  readonly shape: string;
  /** Fingerprints of the streams as they were read: another one means that rows were missed. */
  readonly read: Readonly<Record<string, string>>;
  readonly times: Readonly<Record<string, StreamTimes>>;
  /** Rows before it are late, what ends before it is final. */
  readonly boundUs: number | null;
  /** The data files whose rows are not final, by URL; null where final rows are among them. */
  readonly open: { readonly files: readonly string[]; readonly rows: number } | null;
  readonly stateRows: number;
  /** Rows that came too late, since it was made anew. */
  readonly late: number;
}
