/** Bodies of the comment and notification calls. */
import type { CellId, NotebookId, UserId } from '../id.ts';
import type { Said } from '../said/said.ts';

/** Where a thread hangs: on a range of a cell's text, on a cell, or on the cell's tile of the dashboard. */
export type CommentPlace = 'text' | 'cell' | 'tile';

export interface CommentAuthor {
  id: UserId | null;
  /** Empty when the account is gone. */
  name: string;
}

export interface Comment {
  id: string;
  author: CommentAuthor;
  /** Empty when it was deleted. */
  body: string;
  mentions: { id: UserId; name: string }[];
  createdAt: string;
  editedAt: string | null;
  deletedAt: string | null;
}

/** GET /notebooks/{id}/comments (array, oldest thread first) */
export interface CommentThread {
  id: string;
  place: CommentPlace;
  cellId: CellId;
  anchor: { start: string; end: string } | null;
  quote: string;
  cellLabel: string;
  createdAt: string;
  resolvedAt: string | null;
  resolvedBy: CommentAuthor | null;
  /** Somebody else wrote since the asking person last read it. */
  unread: boolean;
  comments: Comment[];
}

/** POST /notebooks/{id}/comments */
export interface NewCommentThread {
  place: CommentPlace;
  cellId: CellId;
  anchor?: { start: string; end: string };
  quote?: string;
  body: string;
  mentions?: string[];
}

/** GET /notifications (array, latest first) */
export interface Notification {
  id: string;
  kind: 'mention' | 'reply' | 'schedule-paused' | 'review-asked' | 'branch-accepted' | 'sensor-stopped';
  /** Nobody, of a schedule that paused itself and a sensor that stopped. */
  by: CommentAuthor;
  body: string;
  /** Of what no person wrote, for readers of another language. */
  said: Said | null;
  notebook: { id: NotebookId; title: string };
  /** Null of what no comment says. */
  threadId: string | null;
  place: CommentPlace | null;
  createdAt: string;
  readAt: string | null;
}
