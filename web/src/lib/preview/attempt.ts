import type { PreviewCell } from './relations.ts';
import type { Prepared } from './statement.ts';

/** One showing of one text of a cell. */
export interface Attempt {
  readonly version: number;
  readonly cell: PreviewCell;
  readonly text: string;
  readonly prepared: Exclude<Prepared, { kind: 'empty' }>;
  readonly startedAt: number;
  readonly abort: AbortController;
  /** `typed`: by a change of the text on this page, so that somebody waits for it; `watched`: by one somewhere else. */
  readonly rank: 'typed' | 'watched' | 'shown';
}
