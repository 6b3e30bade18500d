import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

/** A place in the text to mark, 1-based as diagnostics are. */
export interface TextMark {
  line: number;
  column: number;
  endLine?: number | undefined;
  endColumn?: number | undefined;
  severity: 'error' | 'warning';
}

export const setMarks = StateEffect.define<readonly TextMark[]>();

/** Errors at their token, and the ground of their line; they move with the text until new findings come. */
export const marks: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(found, transaction) {
    let next = found.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) next = decorate(transaction.state.doc, effect.value);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function decorate(doc: import('@codemirror/state').Text, found: readonly TextMark[]): DecorationSet {
  const ranges = found.flatMap((mark) => {
    if (mark.line < 1 || mark.line > doc.lines) return [];
    const line = doc.line(mark.line);
    const from = Math.min(line.from + Math.max(0, mark.column - 1), line.to);
    const to = endOf(doc, mark, from, line.text.slice(from - line.from), line.to);
    const token = Decoration.mark({
      class: mark.severity === 'error' ? 'cm-badToken' : 'cm-badToken cm-warnToken',
      attributes: { role: 'mark' },
    });
    const lines = mark.severity === 'error' ? [Decoration.line({ class: 'cm-badLine' }).range(line.from)] : [];
    return to > from ? [...lines, token.range(from, to)] : lines;
  });
  return Decoration.set(ranges, true);
}

function endOf(
  doc: import('@codemirror/state').Text,
  mark: TextMark,
  from: number,
  rest: string,
  lineEnd: number,
): number {
  if (mark.endLine !== undefined && mark.endColumn !== undefined && mark.endLine <= doc.lines) {
    const end = doc.line(mark.endLine).from + mark.endColumn - 1;
    if (end > from) return Math.min(end, doc.length);
  }
  const word = /^("[^"]*"|[\w$.]+|\S)/.exec(rest)?.[0].length ?? 1;
  return Math.min(from + word, lineEnd);
}
