/** Where comments meet the notebook: beginning one, finding where it stands, going there. */
import type { CommentThread } from '@datacraft/shared';
import { anchorOf, rangeOf, type TextRange } from '@datacraft/shared/ydoc';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import type { Standing } from '#lib/comment/ThreadList.svelte';
import type { CommentedRange } from '#lib/editor/comment-marks.ts';
import { bring } from '#lib/find/bring.ts';
import { placesIn } from '#lib/find/search.ts';
import { goto } from '$app/navigation';
import { m } from '#lib/i18n/index.svelte.ts';
import { frame } from '#lib/shell/frame.svelte.ts';
import { jumpTo } from './jump-to.ts';
import type { NotebookSession } from './session.svelte.ts';

/** On a range of the cell's text, or on the cell. */
export function beginComment(session: NotebookSession, cell: CellModel, range: TextRange | null): void {
  if (!session.canComment) return;
  const anchor = range ? anchorOf(session.room.doc, cell.id, range) : null;
  const quote = range && anchor ? cell.text.slice(range.from, range.to).slice(0, 2_000) : '';
  session.comments.begin({ place: anchor ? 'text' : 'cell', cellId: cell.id, quote, ...(anchor ? { anchor } : {}) });
  showComments(session);
}

/** What the browser has selected in rendered prose, when it stands once in its Markdown. */
export function selectedProse(cell: CellModel): TextRange | null {
  const text = window.getSelection()?.toString().trim() ?? '';
  const from = text === '' ? -1 : cell.text.indexOf(text);
  return from === -1 || cell.text.includes(text, from + 1) ? null : { from, to: from + text.length };
}

export function showThread(session: NotebookSession, threadId: string): void {
  session.comments.current = threadId;
  showComments(session);
}

function showComments(session: NotebookSession): void {
  session.selection.panel = 'comments';
  frame.sheet = true;
}

export function labelOf(cell: CellModel): string {
  return cell.name || m().cell.kind[cell.kind];
}

/** Null when the cell, or the text that was commented, is gone. */
export function standingOf(session: NotebookSession, thread: CommentThread): Standing {
  const cell = session.document.find(thread.cellId);
  const index = cell ? session.cells.indexOf(cell) : -1;
  if (!cell || index === -1) return null;
  if (thread.place === 'tile')
    return {
      label: m().comment.tileOf(labelOf(cell)),
      at: index + 0.999,
      go: () => void goto(`/notebooks/${session.id}/dashboard?thread=${thread.id}`),
    };
  const range = placeIn(session, cell, thread);
  if (thread.place === 'text' && range === null) return null;
  const at = index + (range ? (range.from + 1) / (cell.text.length + 2) : 0);
  return { label: labelOf(cell), at, go: () => goTo(session, cell, range) };
}

/** To the words, which may be far down in a long cell. */
function goTo(session: NotebookSession, cell: CellModel, range: TextRange | null): void {
  jumpTo(session, cell);
  if (range === null) return;
  const { id, name, text } = cell;
  const wanted = { words: text.slice(range.from, range.to), exact: true };
  const places = placesIn({ id, name, text, read: null, settings: [] }, wanted);
  requestAnimationFrame(() => bring({ cellId: id, part: 'text', ...range }, places, wanted));
}

/** What of a cell's text is commented; follows the text as it changes. */
export function commentedIn(session: NotebookSession, cell: CellModel): CommentedRange[] {
  return session.comments.of(cell.id).flatMap((thread) => {
    const range = placeIn(session, cell, thread);
    return range ? [{ ...range, threadId: thread.id, current: session.comments.current === thread.id }] : [];
  });
}

/** The next or the previous open thread, in the order of the page. */
export function stepThread(session: NotebookSession, step: 1 | -1): void {
  const { comments } = session;
  const placed = comments.open
    .flatMap((thread) => {
      const standing = thread.place === 'tile' ? null : standingOf(session, thread);
      return standing ? [{ id: thread.id, ...standing }] : [];
    })
    .sort((a, b) => a.at - b.at);
  const index = placed.findIndex((one) => one.id === comments.current);
  const next = index === -1 ? placed.at(step === 1 ? 0 : -1) : placed[(index + step + placed.length) % placed.length];
  if (!next) return;
  showThread(session, next.id);
  next.go();
}

function placeIn(session: NotebookSession, cell: CellModel, thread: CommentThread): TextRange | null {
  if (thread.anchor === null || cell.text === '') return null;
  return rangeOf(session.room.doc, cell.id, thread.anchor, thread.quote);
}
