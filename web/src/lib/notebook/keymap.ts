/** Command mode: what single keys do when no field has the focus, and the room's keys that work everywhere in it. */
import type { CellKind } from '@datacraft/shared';
import { isMod, isTyping } from '#lib/ui/keys.ts';
import { heldOf, holdOrRelease, take } from '#lib/pin/holding.ts';
import { binCell } from './bin-cell.ts';
import { runAndGoOn } from './editor-keys.ts';
import { beginComment, selectedProse, stepThread } from './commenting.ts';
import * as operations from './operations.ts';
import { reveal } from './reveal.ts';
import { findInNotebook } from './find-in-notebook.ts';
import type { NotebookSession } from './session.svelte.ts';

const kindKeys: Record<string, CellKind> = {
  s: 'sql',
  t: 'transform',
  m: 'markdown',
  c: 'chart',
  i: 'input',
  o: 'source',
  l: 'model',
};
let lastD = 0;

/** Handles the key or leaves it alone; answers whether it was taken. */
export function onNotebookKey(session: NotebookSession, event: KeyboardEvent): boolean {
  if (event.defaultPrevented) return false;
  if (isMod(event)) return onModKey(session, event);
  if (isTyping(event.target) || isInOverlay(event.target)) return false;
  if (event.altKey && event.key === 'Enter') return onRunAround(session, event.shiftKey ? 'downstream' : 'upstream');
  if (event.altKey && event.shiftKey) return onMoveKey(session, event);
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  return onSingleKey(session, event);
}

function onModKey(session: NotebookSession, event: KeyboardEvent): boolean {
  const cell = session.selected;
  if (event.shiftKey && event.key.toLowerCase() === 'r') return taken(() => void session.start());
  if (event.altKey && event.code === 'KeyM' && cell && session.canComment)
    return taken(() => beginComment(session, cell, cell.kind === 'markdown' ? selectedProse(cell) : null));
  if (isPrint(event) && session.selection.view === 'notebook') return taken(() => void session.printing.print());
  if (isFind(event)) return findInNotebook(session, event.target);
  if (event.key === '.') return taken(() => void session.cancel());
  if (event.key === 'Enter' && !isTyping(event.target) && cell) return taken(() => session.runCell(cell));
  if (event.key.toLowerCase() === 'z' && !isTyping(event.target))
    return taken(() => (event.shiftKey ? session.undo.redo() : session.undo.undo()));
  return false;
}

function isPrint(event: KeyboardEvent): boolean {
  return event.key.toLowerCase() === 'p' && !event.shiftKey && !event.altKey;
}

function isFind(event: KeyboardEvent): boolean {
  return event.key.toLowerCase() === 'f' && !event.shiftKey && !event.altKey;
}

function onRunAround(session: NotebookSession, side: 'upstream' | 'downstream'): boolean {
  const cell = session.selected;
  return cell !== null && taken(() => session.runAround(cell, side));
}

function onMoveKey(session: NotebookSession, event: KeyboardEvent): boolean {
  const cell = session.selected;
  const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
  if (step === 0 || !cell || !session.canEdit) return false;
  return taken(() => operations.moveBy(session.document, cell, step));
}

function onSingleKey(session: NotebookSession, event: KeyboardEvent): boolean {
  const { selection } = session;
  const cell = session.selected;
  const onButton = event.target instanceof HTMLElement && event.target.closest('button, a, [role="menuitem"]') !== null;
  switch (event.key) {
    case 'j':
    case 'ArrowDown':
      return taken(() => go(session, 1));
    case 'k':
    case 'ArrowUp':
      return taken(() => go(session, -1));
    case 'g':
      return taken(() => (selection.view = selection.view === 'graph' ? 'notebook' : 'graph'));
    case 'h':
      if (session.rights.guest) return false;
      return taken(() => (selection.view = selection.view === 'history' ? 'notebook' : 'history'));
    case ']':
      return taken(() => stepThread(session, 1));
    case '[':
      return taken(() => stepThread(session, -1));
    case 'Escape':
      return taken(() => selection.leave());
    case 'f':
      return cell !== null && taken(() => selection.fold(cell.id));
    case 'p':
      return cell !== null && taken(() => void holdOrRelease(session, cell));
    case 'P':
      return cell !== null && taken(() => void take(session, heldOf(session, cell)));
    case 'Enter':
      if (onButton || !cell) return false;
      return event.shiftKey ? taken(() => runAndGoOn(session, cell)) : taken(() => selection.edit(cell.id));
    default:
      return session.canEdit && onEditingKey(session, event.key, event.shiftKey);
  }
}

function onEditingKey(session: NotebookSession, key: string, shift: boolean): boolean {
  const { selection } = session;
  const cell = session.selected;
  if (key === 'z' || key === 'Z') return taken(() => (shift ? session.undo.redo() : session.undo.undo()));
  if (key === 'b') return taken(() => (selection.inserting = cell?.id ?? session.cells.at(-1)?.id ?? 'top'));
  if (key === 'a') return taken(() => (selection.inserting = before(session)));
  if (key === 'F2' && cell && cell.name !== '') return taken(() => (selection.renaming = cell.id));
  const kind = kindKeys[key];
  if (kind) return taken(() => insert(session, kind));
  if (key !== 'd' || !cell) return false;
  const twice = performance.now() - lastD < 600;
  lastD = twice ? 0 : performance.now();
  if (twice) binCell(session, cell);
  return true;
}

/** A kind's letter puts it where the row of kinds is open, else under the selected cell. */
function insert(session: NotebookSession, kind: CellKind): void {
  const place = session.selection.inserting ?? session.selected?.id ?? session.cells.at(-1)?.id ?? 'top';
  session.add(kind, { after: place === 'top' ? null : place });
}

function before(session: NotebookSession): typeof session.selection.inserting {
  const index = session.cells.findIndex((cell) => cell.id === session.selection.id);
  return session.cells[index - 1]?.id ?? 'top';
}

function go(session: NotebookSession, step: 1 | -1): void {
  const { cells, selection } = session;
  const index = cells.findIndex((cell) => cell.id === selection.id);
  const next = cells[index === -1 ? 0 : index + step];
  if (!next) return;
  selection.select(next.id);
  reveal(next.id);
}

function isInOverlay(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role="dialog"], [role="menu"]') !== null;
}

function taken(action: () => void): true {
  action();
  return true;
}
