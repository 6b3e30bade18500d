import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

/** A range of the text that a thread is about. */
export interface CommentedRange {
  from: number;
  to: number;
  threadId: string;
  current: boolean;
}

export const setCommented = StateEffect.define<readonly CommentedRange[]>();

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(found, transaction) {
    let next = found.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setCommented)) next = decorate(effect.value, transaction.newDoc.length);
    }
    return next;
  },
  provide: (own) => EditorView.decorations.from(own),
});

function decorate(ranges: readonly CommentedRange[], length: number): DecorationSet {
  const marks = ranges
    .map((range) => ({ ...range, to: Math.min(range.to, length) }))
    .filter(({ from, to }) => from < to)
    .map(({ from, to, threadId, current }) =>
      Decoration.mark({
        class: current ? 'cm-commented cm-currentThread' : 'cm-commented',
        attributes: { 'data-thread': threadId },
      }).range(from, to),
    );
  return Decoration.set(marks, true);
}

/** A click on a marked text goes to its thread. */
export function commentMarks(onThread: (threadId: string) => void): Extension {
  const onClick = EditorView.domEventHandlers({
    click(event) {
      const mark = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('.cm-commented') : null;
      if (mark?.dataset.thread) onThread(mark.dataset.thread);
    },
  });
  return [field, onClick];
}
