import type { JsonObject, NotebookId, SniffAnswer } from '@datacraft/shared';
import { api, messageOf } from '#lib/api/index.ts';

/** What the server recognises in a file: asked again when the config changes, after a short pause; the last answer stays. */
export class SourceSniff {
  answer = $state.raw<SniffAnswer | null>(null);
  failure = $state<string | null>(null);
  readonly #notebookId: NotebookId;
  #asked = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | null = null;

  constructor(notebookId: NotebookId) {
    this.#notebookId = notebookId;
  }

  look(config: JsonObject): void {
    const key = JSON.stringify(config);
    if (key === this.#asked) return;
    this.#asked = key;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(config), 200);
  }

  async #ask(config: JsonObject): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      this.answer = await api.sniff(this.#notebookId, config, abort.signal);
      this.failure = null;
    } catch (error) {
      if (!abort.signal.aborted) this.failure = messageOf(error);
    }
  }
}
