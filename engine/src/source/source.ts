import type { Column, JsonObject, RelationRef, ResultPage, SourceSpec, StreamProgress, Words } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';

/** A file a source may read, already resolved and checked to lie where this notebook may read. */
export interface ResolvedFile {
  /** Absolute path on this machine. */
  readonly path: string;
  /** The name as the user gave it, for messages and for the rejects table. */
  readonly shownAs: string;
  readonly sizeBytes: number;
  /** Content hash, hex SHA-256. */
  readonly sha256: string;
}

/** The hosts a secret is about to be sent to; of a secret that is an address itself, the hosts in it. */
export type Destination = readonly string[] | ((value: string) => readonly string[]);

/** What sources outside this machine need: credentials by reference, and where they may connect to. */
export interface RemoteAccess {
  /**
   * The value behind `secret://name`, for who asks to send it to these hosts. Throws `not-found` with what to do when
   * there is none, `forbidden` when it may not go there.
   */
  secret(name: string, to: Destination): Promise<string>;
  /** The text without values of secrets in it: the other side may have said them. */
  hide?(text: string): string;
  /** What cells of a `connection:` have in common. Throws `not-found`. */
  connection(name: string): Promise<{ readonly type: string; readonly config: JsonObject }>;
  /** What was pushed to a source, `layer.name`, after a number of its log. Absent where there is no log. */
  events?(
    relation: string,
    after: string,
    limit: number,
  ): Promise<readonly { readonly seq: string; readonly body: string; readonly receivedMs: string }[]>;
  /** How many such there are after a number. Absent where there is no log. */
  eventsAfter?(relation: string, after: string): Promise<number>;
  /** Schemas of messages, where no other registry is named. Absent where there is no store of them. */
  readonly schemas?: SchemaBook;
  /** Gives a mail to the server of a stored connection. Absent where none can be sent. */
  mail?(connection: string, mail: Mail): Promise<void>;
  /** The published dashboard of a notebook as a PDF file; null where none is published. Absent where none are kept. */
  dashboard?(
    notebookId: string,
    language: 'en' | 'pt',
  ): Promise<{ readonly name: string; readonly content: Buffer } | null>;
  /** Where people open tables, `https://data.example.com`. Absent where nothing is opened. */
  readonly home?: string;
  /** Hosts that may be reached although their addresses are private. */
  readonly allowedHosts: readonly string[];
}

export interface Mail {
  /** The same however often it is sent: servers can drop a repetition. */
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly content: Buffer }[];
  /** For the audit: what is sent. */
  readonly about: string;
}

export interface MessageSchema {
  readonly schema: string;
  readonly schemaType: string;
  /** What it imports, each with what that imports before it. */
  readonly references: readonly { readonly name: string; readonly schema: string }[];
}

export interface SchemaBook {
  /** Throws `not-found`. */
  byId(id: number): Promise<MessageSchema>;
  /** Its id, also when it was there. Throws `conflict` when it does not fit what the subject has. */
  register(subject: string, schema: MessageSchema): Promise<number>;
}

/**
 * Why a source is read. `run`: for a published table. `sample`: a few rows to look at. `status`: only to say whether it
 * changed; sources outside this machine are not asked then, and answer what they were when they were read last.
 */
export type Reading = 'run' | 'sample' | 'status';

/** What was remembered with the published rows of a source, in the same transaction. */
export interface LastRead {
  readonly identity: string;
  /** How far an incremental source was read. */
  readonly state: JsonObject | null;
  readonly columns: readonly Column[];
}

/** A reading that goes on: what a source keeps open from one commit to the next. */
export interface LiveReading {
  readonly nowMs: number;
  /** How many records a commit takes at most. */
  readonly limit: number;
  /** What `open` made, made once and closed with the stream. */
  keep<Kept extends { close(): Promise<void> }>(open: () => Promise<Kept>): Promise<Kept>;
  /** For people: lag and where each partition is. */
  tell(progress: StreamProgress): void;
  /** What the reading before this one went on with (`IdentifiedSource.goOn`), once: whoever takes it closes it. */
  takeEarly?(): EarlyReading | null;
  /** Of a reading that went on by itself: whether it may wait for more until it is full. */
  mayWait?(): boolean;
}

/** Records that follow rows which are not published yet. Closed, it leaves nothing. */
export interface EarlyReading {
  close(): Promise<void>;
}

/** A dead letter as it is kept: a message that could not be read, to be read again. */
export interface StoredLetter {
  readonly letter: string;
  readonly attempts: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** Epoch ms. */
  readonly timestamp: string;
  readonly headers: string | null;
  readonly key: Buffer | null;
  readonly bytes: Buffer | null;
}

/** How much of a source came so far, and how much there is where that is known. */
export interface ReadSoFar {
  readonly rows: number | null;
  readonly bytes: number;
  readonly totalRows: number | null;
  readonly totalBytes: number | null;
  /** `totalRows` is what the other side thinks it has. */
  readonly isEstimate?: boolean;
}

/** What a source may ask of the world. */
export interface SourceContext {
  /** Resolves `path:` of a file source: a name, an `upload://` path, an `https://` URL (fetched into the cache) or a glob. */
  resolve(path: string, read?: (bytes: number, total: number | null) => void): Promise<readonly ResolvedFile[]>;
  /** Hears how far a reading is; called as often as there is something to say. */
  tellRead?(read: ReadSoFar): void;
  /** A private directory for intermediate files. It is the session's `writableDir`. */
  readonly tempDir: string;
  readonly signal?: AbortSignal;
  /** Absent where only files may be read. */
  readonly remote?: RemoteAccess;
  /** Default `run`. */
  readonly reading?: Reading;
  /** Of a stream. */
  readonly live?: LiveReading;
  /** In place of what is new, these are read. */
  readonly letters?: readonly StoredLetter[];
  /** Null or absent: never read as it is described now, or to be read anew from its beginning. */
  readonly last?: LastRead | null;
  /** The table that the source fills, where it fills one. */
  readonly relation?: RelationRef;
  /** For opening a source of mode `merge`: how the session calls the rows published before. */
  readonly current?: string;
  /** Of a source that comes in parts: what is made of them while the others come. */
  readonly drafting?: Drafting;
}

/** Takes the parts of a reading, each as if it were all of it. */
export interface Drafting {
  /** The private directory that the parts lie in. */
  readonly dir: string;
  /** Parts will come. */
  expect(): void;
  /** In their order. One that cannot be written is no reason to throw: the reading says so. */
  add(part: Promise<IdentifiedSource>): void;
}

/** A column of another database: its type here, and how its values stand in the extracted file. */
export interface TypedColumn extends Column {
  /** `plain`: as text; `list`: a JSON list of texts; `hex`: bytes; `exact`: a number that has to keep all its digits. */
  readonly form: 'plain' | 'list' | 'hex' | 'exact';
}

/** One partition of a stream. */
export interface LanePlace {
  /** As states and people name it: `2`, or `orders:2` where several topics are read. */
  readonly lane: string;
  readonly topic: string;
  readonly partition: number;
}

export interface LaneCount extends LanePlace {
  readonly records: number;
}

/** A source that was identified: what it will read is now known, nothing was read into tables yet. */
export interface IdentifiedSource {
  /** Hash of all that decides the rows beside the spec: file contents, seed. Goes into the fingerprint. */
  readonly identity: string;
  readonly files: readonly ResolvedFile[];
  /** Of a stream: how many of its records are of which partition, those that prove bad among them. */
  readonly lanes?: readonly LaneCount[];
  /** Of extracted records: the names of all their fields. */
  readonly fields?: readonly string[];
  /** Of extracted records: how many there are, where each is an object on a line of its own that DuckDB reads. */
  readonly lines?: number;
  /** Of letters: those that have no row of their own are in the lines of their records, all of this topic. */
  readonly inLine?: { readonly topic: string };
  /** Of extracted tables: their columns as the other side declares them. */
  readonly typed?: readonly TypedColumn[];
  /** Of extracted records: types that a schema says. */
  readonly types?: Readonly<Record<string, string>>;
  /** Of extracted tables, and of letters: bytes of the longest row. */
  readonly longestRow?: number;
  /** Of extracted records: bytes of the longest line. */
  readonly longestLine?: number;
  /** Of extracted records: false where no number in them is long. */
  readonly hasLong?: boolean;
  /** `append`: the files hold only what came since `last`; `merge`: changes to it. Default `overwrite`. */
  readonly mode?: 'overwrite' | 'append' | 'merge';
  /** Of `merge`: the columns that tell one row from another. */
  readonly mergeKey?: readonly string[];
  /** To be remembered with the rows; what `last.state` is next time. */
  readonly state?: JsonObject | null;
  /** Of a stream of which a commit takes no more: reads on behind these rows while they are published. */
  readonly goOn?: () => EarlyReading;
  /** Of extracted records, which may lie in parts: whoever reads `files` waits for it before. Safe to call twice. */
  readonly join?: () => Promise<void>;
  /** Removes what was fetched only for this reading. Safe to call twice. */
  readonly release?: () => Promise<void>;
}

/** A source opened in a session. `select` and `rejects` are SELECT statements valid in that session only. */
export interface OpenedSource {
  readonly select: string;
  /** Those of `select`, where they were met on the way to it. */
  readonly columns?: readonly Column[];
  /** Columns: file, line, column_name, reason, raw. Null when this source cannot reject rows. Valid after `select` ran. */
  readonly rejects: string | null;
  /** `rejects` has for each row the message it came from. */
  readonly keepsLetters?: boolean;
  /** When `select` gives so many rows none of them is bad, and `rejects` is this. */
  readonly whenAll?: { readonly rows: number; readonly rejects: string };
  /** Of a part of a reading: the rows of another part, with the same columns. Absent where parts say little of the whole. */
  readonly ofPart?: (part: IdentifiedSource) => string;
  /**
   * Turns the failure of a statement over `select` into `source-rows-rejected` (file, line, column, reason, count) or
   * `source-unreadable` when this source was the reason; any other error comes back unchanged. Call it, while the
   * session is still open, with whatever a statement over `select` threw, and throw what it returns.
   */
  readonly explain?: (error: unknown) => Promise<unknown>;
}

/** What sniffing found: for the form, the preview and the chips. */
export interface SniffedSource {
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly columns: readonly Column[];
  readonly preview: ResultPage;
  readonly warnings: readonly Words[];
}

export interface SourceAdapter<Spec extends SourceSpec = SourceSpec> {
  /** A large reading is told part by part, where somebody is `drafting`. */
  readonly comesInParts?: boolean;
  identify(spec: Spec, context: SourceContext): Promise<IdentifiedSource>;
  /**
   * Prepares reading in `session`, whose `readable` holds the identified files. The first pass over `select` may find
   * bad rows: with `rejects: fail` it throws `source-rows-rejected` naming file, line, column and reason.
   */
  open(spec: Spec, identified: IdentifiedSource, session: DuckSession, context: SourceContext): Promise<OpenedSource>;
  sniff(spec: Spec, identified: IdentifiedSource, session: DuckSession, context: SourceContext): Promise<SniffedSource>;
}
