/** Bodies of the calls for pinned inputs: rows that one person holds while somebody edits the cell they are of. */
import type { CellId } from '../id.ts';
import type { Column } from '../relation/relation.ts';
import type { CommentAuthor } from './comment.ts';

/** Of how much of the cell's data the rows were computed. */
type PinnedExtent = { kind: 'full' } | { kind: 'sample'; rows: number; total: number | null; of: string };

/** GET /notebooks/{id}/pins (array): mine alone. */
export interface PinnedInput {
  cellId: CellId;
  /** What the cell was called. */
  name: string;
  columns: Column[];
  rowCount: number;
  extent: PinnedExtent;
  pinnedAt: string;
  /** Who has changed the cell since, without me. */
  changedBy: CommentAuthor[];
}

/** PUT /notebooks/{id}/pins/{cellId} */
export interface PinRequest extends Pick<PinnedInput, 'name' | 'columns' | 'rowCount' | 'extent'> {
  /** An Arrow stream in Base64. */
  rows: string;
}
