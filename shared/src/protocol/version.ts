/** Bodies of the history calls. */
import type { Notebook } from '../document/notebook.ts';
import type { CommentAuthor } from './comment.ts';

/** What made it: time, a person, or what was about to happen. */
export type VersionReason = 'auto' | 'named' | 'publish' | 'restore' | 'schedule';

/** GET /notebooks/{id}/versions (array, latest first, at most 500) */
export interface VersionSummary {
  id: string;
  at: string;
  reason: VersionReason;
  name: string;
  message: string;
  /** Who asked for it; nobody for `auto`. */
  by: CommentAuthor | null;
  /** Who changed the notebook since the version before. */
  authors: CommentAuthor[];
  /** How many cells differ from the version before. */
  changedCells: number;
}

/** GET /notebooks/{id}/versions/{versionId} */
export interface Version extends VersionSummary {
  notebook: Notebook;
  /** Cell id -> who changed it since the version before. */
  cellAuthors: Record<string, CommentAuthor[]>;
}

export interface Wrote {
  id: string | null;
  name: string;
  at: string;
}

/** GET /notebooks/{id}/blame: cell id -> who wrote its lines and settings; null is unknown. */
export type NotebookBlame = Record<
  string,
  { lines: (Wrote | null)[]; config: Record<string, Wrote | null>; created: Wrote | null }
>;
