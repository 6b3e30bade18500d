import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionSource,
} from '@codemirror/autocomplete';
import { defaultKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, Prec, type Extension, type StateEffect } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
  ViewPlugin,
  type KeyBinding,
} from '@codemirror/view';
import { yCollab, yUndoManagerKeymap } from 'y-codemirror.next';
import type * as Y from 'yjs';
import type { TextPresence } from '#lib/room/carets.ts';
import { caretBlink } from './caret-blink.ts';
import { sqlLanguage } from './dialect.ts';
import { marks } from './marks.ts';
import { nameFlags } from './name-flags.ts';
import { editorTheme, highlighting } from './theme.ts';

export interface EditorSetup {
  language: 'sql' | 'markdown';
  hint: string;
  label: string;
  readOnly: boolean;
  /** Keys of the room; they win over the editor's own. */
  keys: readonly KeyBinding[];
  complete: CompletionSource | null;
  onCaret: (line: number, column: number) => void;
}

/** A shared text: edits go to the document, remote carets are drawn, undo is the person's own. */
export interface SharedText {
  ytext: Y.Text;
  /** Presence in this text. */
  carets: TextPresence | null;
  undo: Y.UndoManager;
}

export function shared({ ytext, carets, undo }: SharedText): Extension {
  return [
    yCollab(ytext, carets, { undoManager: undo }),
    carets === null ? [] : nameFlags(carets),
    Prec.high(redoKey(undo)),
    keymap.of(yUndoManagerKeymap),
  ];
}

const writing = new Compartment();

/** A role may change while the editor is open. */
export function setReadOnly(readOnly: boolean): StateEffect<unknown> {
  return writing.reconfigure(EditorState.readOnly.of(readOnly));
}

export function setup(options: EditorSetup): Extension {
  return [
    Prec.highest(keymap.of([...options.keys])),
    options.language === 'sql' ? forSql(options) : forProse(),
    highlighting,
    editorTheme,
    drawSelection(),
    caretBlink,
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    writing.of(EditorState.readOnly.of(options.readOnly)),
    EditorView.contentAttributes.of({
      'aria-label': options.label,
      tabindex: '0',
      spellcheck: options.language === 'markdown' ? 'true' : 'false',
    }),
    placeholder(options.hint),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...defaultKeymap, indentWithTab]),
    EditorView.updateListener.of((update) => {
      if (!update.selectionSet && !update.focusChanged) return;
      if (!update.view.hasFocus) return;
      const head = update.state.selection.main.head;
      const line = update.state.doc.lineAt(head);
      options.onCaret(line.number, head - line.from + 1);
    }),
  ];
}

const proseLanguage = new Compartment();

/** Its language comes after it: with the HTML, CSS and JavaScript that may stand in Markdown it is a third of an editor. */
function forProse(): Extension {
  const loading = ViewPlugin.define((view) => {
    let open = true;
    void import('@codemirror/lang-markdown').then(({ markdown }) => {
      if (open) view.dispatch({ effects: proseLanguage.reconfigure(markdown()) });
    });
    return { destroy: () => (open = false) };
  });
  return [proseLanguage.of([]), loading, EditorView.lineWrapping];
}

function forSql(options: EditorSetup): Extension {
  return [
    sqlLanguage(),
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    bracketMatching(),
    closeBrackets(),
    indentOnInput(),
    marks,
    options.complete
      ? autocompletion({ override: [options.complete], icons: false, maxRenderedOptions: 60 })
      : autocompletion(),
  ];
}

/** With Shift it is always a redo: under Caps Lock the letter is a small one, which a keymap takes for the undo. */
function redoKey(undo: Y.UndoManager): Extension {
  return EditorView.domEventHandlers({
    keydown(event) {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || !event.shiftKey) return false;
      if (event.key.toLowerCase() !== 'z') return false;
      event.preventDefault();
      undo.redo();
      return true;
    },
  });
}
