import { EditorSelection } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/** Where a part of the text is drawn; null while the editor does not draw its line, or has no such place. */
export function rangeInEditor(content: HTMLElement, from: number, to: number): Range | null {
  const view = EditorView.findFromDOM(content);
  if (!view || to > view.state.doc.length || from < view.viewport.from || to > view.viewport.to) return null;
  const range = new Range();
  const [start, end] = [view.domAtPos(from, 1), view.domAtPos(to, -1)];
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  return range;
}

/** Has the editor draw a place, in the middle of what it shows. */
export function bringInEditor(content: HTMLElement, from: number, to: number): void {
  const view = EditorView.findFromDOM(content);
  if (!view) return;
  const end = view.state.doc.length;
  const range = EditorSelection.range(Math.min(from, end), Math.min(to, end));
  view.dispatch({ effects: EditorView.scrollIntoView(range, { y: 'center', xMargin: 40 }) });
}

/** Writes on there, with the words selected. */
export function selectInEditor(content: HTMLElement, from: number, to: number): void {
  const view = EditorView.findFromDOM(content);
  if (!view || to > view.state.doc.length) return;
  view.dispatch({ selection: { anchor: from, head: to } });
  view.focus();
}
