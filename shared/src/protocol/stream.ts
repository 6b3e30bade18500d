/** HTTP bodies of the room Streams. Paths are under `/api/v1`. */
import type { Column } from '../relation/relation.ts';
import type { TaskError } from '../run/state.ts';
import type { Said } from '../said/said.ts';

/** Of a cell with `refresh: streaming`. Times are null while nothing came, and where rows need none. */
export interface StreamingFigures {
  watermark: string | null;
  /** Rows before it are late: the watermark less the allowed lateness. */
  bound: string | null;
  /** Rows that the next commit still needs. */
  stateRows: number;
  late: number;
  /** Of every partition of its streams; absent of what was told before they were. */
  partitions?: PartitionTimes[];
}

/** Event times of one partition, as the last commit of a cell found them. */
export interface PartitionTimes {
  /** The source, or the cell between, whose rows they are. */
  stream: string;
  /** `2`, or `orders:2` where rows say their topic. */
  lane: string;
  /** The latest event time of its rows; null while none had one. */
  latest: string | null;
  /** When rows of it came last. */
  seenAt: string;
  /** It was silent so long that the watermark does not wait for it. */
  isIdle: boolean;
  /** The watermark would be further without it. */
  holdsBack: boolean;
  /** Rows of it that came too late; null where they were not counted from the first. */
  late: number | null;
}

/** What a stream has taken of one partition. */
export interface StreamLane {
  /** `2`, or `orders:2` where several topics are read. */
  lane: string;
  /** Since the stream began; of all partitions together, those of the stream. */
  rows: number;
  rejected: number;
  /** Rows a second over the last ten seconds. */
  rate: number;
  lastCommitAt: string;
}

/** What a runner tells of itself with each commit and while it waits. */
export interface StreamProgress {
  /** Why nothing comes although it is live: the broker is away, a commit is tried again. */
  waiting?: string;
  /** The same, to be said in the language of who looks. */
  waitingSaid?: Said;
  /** It waits for its source, which cannot be reached; else for what tries the commit again. */
  isAway?: boolean;
  /** Since when it waits. */
  waitingSince?: string;
  /** Messages that are there and not yet in the table, as of `lagAt`; null where the source cannot say. */
  lag?: number | null;
  /** When the source was last looked at, which grows old while it is away: see `lagOf`. */
  lagAt?: string;
  /** `topic` where several are read. */
  partitions?: { topic?: string; partition: number; next: string; end: string | null }[];
  /** Cells below it that could not be made of the last rows, with why. */
  failedCells?: Record<string, string>;
  /** The same, to be said in the language of who looks; without those that are none of our sentences or never vary. */
  failedSaid?: Record<string, Said>;
  /** `layer.name` of the tables of these cells. */
  failedTables?: string[];
  /** `layer.name` of the tables that the last commit wrote. */
  tables?: string[];
  /** Up to when the times of rows are complete. */
  watermark?: string | null;
  /** Cells below it that are made commit by commit, by name. */
  cells?: Record<string, StreamingFigures>;
}

/** A topic that gets what a live stream commits. */
export interface StreamExport {
  cell: string;
  target: string;
  state: 'pending' | 'delivered' | 'failed';
  snapshotId: string | null;
  /** Messages that were sent in all. */
  rows: number;
  error: string | null;
  /** Sendings in a row that failed; it is tried again by itself. */
  failures: number;
  at: string;
}

/** GET /notebooks/{id}/streams (array) */
export interface NotebookStream extends StreamSummary {
  /** Cells it makes that are written otherwise in the notebook now: it takes them over when it is started anew. */
  changed: string[];
}

/** GET /streams (array) */
export interface StreamSummary {
  id: string;
  notebookId: string;
  notebook: string;
  cell: string;
  /** `layer.name` */
  relation: string;
  sourceType: string;
  state: 'live' | 'paused' | 'failed';
  stateSince: string;
  /** A runner holds it now. */
  running: boolean;
  error: TaskError | null;
  commitMs: number;
  progress: StreamProgress;
  rows: number;
  rejected: number;
  /** Rows that are set aside now. */
  letters: number;
  commits: number;
  /** Rows a second over the last ten seconds. */
  rate: number;
  lastCommitAt: string | null;
  startedAt: string;
}

/** A row that was set aside, with the message it came from. Of files and simulators there is no message: `letter` is null. */
export interface StreamLetter {
  letter: string | null;
  topic: string | null;
  partition: number | null;
  offset: string | null;
  timestamp: string | null;
  /** The column that does not fit; null when nothing could be decoded. */
  column: string | null;
  reason: string;
  /** The same, to be said in the language of who looks; absent where it is none of ours. */
  reasonSaid?: Said;
  /** As text, cut off. */
  raw: string;
  sizeBytes: number | null;
  /** What the cell said when it broke, as one word, and whether it says that still. */
  cellVersion: string | null;
  isCurrentVersion: boolean;
  attempts: number;
  rejectedAt: string | null;
}

/** GET /streams/{id}/letters */
export interface StreamLetters {
  total: number;
  /** Letters that can be read again. */
  replayable: number;
  letters: StreamLetter[];
  replays: StreamReplay[];
}

/** GET /streams/{id}/letters/{letter} */
export interface OpenedLetter extends StreamLetter {
  headers: Record<string, unknown> | null;
  /** Base64; cut off after a megabyte. */
  key: string | null;
  bytes: string | null;
}

/** POST /streams/{id}/letters/replay {letters?} */
export interface StreamReplay {
  id: string;
  /** How many were asked for; null: all. */
  letters: number | null;
  state: 'asked' | 'done' | 'failed';
  landed: number;
  /** Broke again. */
  kept: number;
  error: TaskError | null;
  by: string | null;
  askedAt: string;
  finishedAt: string | null;
}

/** Where a stream is to be read on. */
export type SeekTarget =
  | { kind: 'earliest' }
  | { kind: 'latest' }
  /** The first messages at or after it, ISO 8601. */
  | { kind: 'time'; at: string }
  /** By partition, `2`, or `topic:2` where several topics are read; those left out stay where they are. */
  | { kind: 'offsets'; offsets: Record<string, string> };

export interface SeekPartition {
  /** Where several are read. */
  topic?: string;
  partition: number;
  /** It holds `low` up to before `high`. */
  low: string;
  high: string;
  /** Where it would be read on; null: it was not read yet. */
  from: string | null;
  to: string;
  /** So many messages are read a second time, and their rows are in the table twice. */
  again: string;
  /** So many are never read. */
  skipped: string;
}

/** POST /streams/{id}/seek {to, confirm?}: without `confirm` it only says what that comes to. */
export interface SeekPlan {
  partitions: SeekPartition[];
  again: string;
  skipped: string;
  /** Sent back, it does what is said here. */
  confirm: string;
}

/** POST /notebooks/{id}/fixtures {table, snapshotId, since?} */
export interface Fixture {
  /** What `path` of a source cell of type parquet in this notebook takes: a file that goes where the notebook goes. */
  path: string;
  rows: number;
}

/** POST /notebooks/{id}/cells/{cellId}/producer {connection, topic, format, register?} */
export interface Producer {
  columns: Column[];
  /** Null: the topic will be made when something is sent. */
  partitions: number | null;
  /** Null of a format without a schema. */
  schema: { subject: string; type: 'AVRO' | 'JSON'; text: string } | null;
  /** Of the schema, once it is registered. */
  id: number | null;
}

/** GET /streams/{id} */
export interface StreamDetail extends StreamSummary {
  /** What it sends on, with what became of the last sending. */
  exports: StreamExport[];
  /** In the order of their names. */
  lanes: StreamLane[];
  /** The last quarter of an hour, five seconds each. */
  history: { at: string; rows: number; rejected: number; lag: number | null; tookMs: number }[];
}
