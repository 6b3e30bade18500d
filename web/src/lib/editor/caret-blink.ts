import { type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';

/** Between two keys of somebody who types the caret stands still. */
const REST_MS = 600;

/**
 * The caret blinks once it rests (code.css). The editor's own blinking begins anew with every key, which costs styles and
 * a frame each time for what nobody can see.
 */
export const caretBlink = ViewPlugin.fromClass(
  class {
    readonly #view: EditorView;
    #timer: ReturnType<typeof setTimeout> | undefined;

    constructor(view: EditorView) {
      this.#view = view;
      this.#wait();
    }

    update(update: ViewUpdate): void {
      if (!update.selectionSet) return;
      this.#view.scrollDOM.classList.remove('cm-resting');
      clearTimeout(this.#timer);
      this.#wait();
    }

    destroy(): void {
      clearTimeout(this.#timer);
    }

    #wait(): void {
      this.#timer = setTimeout(() => this.#view.scrollDOM.classList.add('cm-resting'), REST_MS);
    }
  },
);
