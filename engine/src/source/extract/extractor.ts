import type { Column, JsonObject, RelationRef, SourceSpec } from '@datacraft/shared';
import type { IdentifiedSource, LiveReading, RemoteAccess, ResolvedFile, StoredLetter } from '../source.ts';
import type { HearPart } from './record-file.ts';

export interface ExtractRequest {
  readonly remote: RemoteAccess;
  /** What the last reading remembered; null: from the beginning. */
  readonly state: JsonObject | null;
  /** Enough once so many are written; null: all. */
  readonly limit: number | null;
  /** The table that the source fills, where it fills one. */
  readonly relation?: RelationRef;
  readonly signal?: AbortSignal;
  readonly live?: LiveReading;
  /** How many rows will come, when that is known; `isEstimate`: about. */
  expect?(rows: number, isEstimate?: boolean): void;
}

/** A file of this reading that rows of another system are written into. */
export interface ExtractFile {
  readonly count: number;
  /** Written so far. */
  readonly bytes: number;
  close(shownAs: string): Promise<ResolvedFile>;
  /** What the rows came from, where that is kept. */
  closeLetters?(shownAs: string): Promise<ResolvedFile | null>;
  /** Tells parts of about so many records while the others are written. */
  inParts?(records: number, hear: HearPart): void;
  /** Makes them one file. */
  join?(): Promise<void>;
  remove(): Promise<void>;
}

export interface Extractor<Spec extends SourceSpec, File extends ExtractFile> {
  /** What people call the other side: host and path, never a credential. */
  shownAs(spec: Spec): string;
  isIncremental(spec: Spec): boolean;
  /** It says how many records it expects, and where a part of them may end. */
  readonly comesInParts?: boolean;
  /** Of a stream: it reads on behind rows that are not published yet. */
  readonly goesOn?: boolean;
  /** Columns of every row, also when none came yet. */
  alwaysHas?(spec: Spec): readonly Column[];
  /** Writes every record, and answers what to remember. */
  extract(spec: Spec, request: ExtractRequest, file: File): Promise<JsonObject | null>;
  /** Reads messages that were set aside, as it reads new ones. */
  readAgain?(spec: Spec, request: ExtractRequest, letters: readonly StoredLetter[], file: File): Promise<void>;
}

export type Known = Partial<
  Pick<
    IdentifiedSource,
    | 'fields'
    | 'lanes'
    | 'types'
    | 'typed'
    | 'longestRow'
    | 'longestLine'
    | 'hasLong'
    | 'lines'
    | 'inLine'
    | 'mode'
    | 'mergeKey'
  >
>;

/** How a file is made, and what is known of it once it is closed. */
export interface ExtractForm<File extends ExtractFile> {
  create(dir: string): File;
  known(file: File): Known;
}
