import type { EditorView, KeyBinding } from '@codemirror/view';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import { formatCell } from './cell-menu.ts';
import { beginComment } from './commenting.ts';
import * as operations from './operations.ts';
import type { NotebookSession } from './session.svelte.ts';

/** What the room's keys do inside an editor. */
export function editorKeys(session: NotebookSession, cell: CellModel): KeyBinding[] {
  const keys: KeyBinding[] = [
    { key: 'Mod-Enter', run: () => did(() => session.runCell(cell)) },
    { key: 'Shift-Enter', run: (view) => did(() => runAndGoOn(session, cell, view)) },
    { key: 'Alt-Enter', run: () => did(() => session.runAround(cell, 'upstream')) },
    { key: 'Alt-Shift-Enter', run: () => did(() => session.runAround(cell, 'downstream')) },
    { key: 'Mod-Alt-m', run: (view) => did(() => commentOn(session, cell, view)) },
    { key: 'Mod-f', run: (view) => did(() => findSelected(session, cell, view)) },
    { key: 'Escape', run: (view) => leave(session, view) },
    { key: 'Alt-Shift-ArrowUp', run: () => did(() => operations.moveBy(session.document, cell, -1)) },
    { key: 'Alt-Shift-ArrowDown', run: () => did(() => operations.moveBy(session.document, cell, 1)) },
  ];
  if (cell.kind !== 'sql') return keys;
  return [
    ...keys,
    { key: 'Shift-Alt-f', run: () => did(() => void formatCell(session, cell)) },
    { key: 'Mod-Shift-Enter', run: (view) => did(() => runSelection(session, cell, view)) },
  ];
}

function did(action: () => void): true {
  action();
  return true;
}

/** Esc closes what is open in the editor first; the editor sees the key when nothing here takes it. */
function leave(session: NotebookSession, view: EditorView): boolean {
  if (view.dom.querySelector('.cm-tooltip-autocomplete, .cm-panel')) return false;
  view.contentDOM.blur();
  session.selection.leave();
  return true;
}

function commentOn(session: NotebookSession, cell: CellModel, view: EditorView): void {
  const { from, to } = view.state.selection.main;
  beginComment(session, cell, from === to ? null : { from, to });
}

function findSelected(session: NotebookSession, cell: CellModel, view: EditorView): void {
  const { from, to } = view.state.selection.main;
  session.finding.ask({ cellId: cell.id, words: view.state.sliceDoc(from, to), at: from });
}

function runSelection(session: NotebookSession, cell: CellModel, view: EditorView): void {
  const { from, to } = view.state.selection.main;
  const text = from === to ? cell.text : view.state.sliceDoc(from, to);
  session.preview.preview(cell.id, text);
}

export function runAndGoOn(session: NotebookSession, cell: CellModel, view?: EditorView): void {
  session.runCell(cell);
  view?.contentDOM.blur();
  const index = session.cells.indexOf(cell);
  const next = session.cells[index + 1];
  if (next) session.selection.select(next.id);
  else session.add('sql', { after: cell.id });
}
