/**
 * The threads of one notebook, as this person sees them.
 *
 * T1 They are asked for again whenever the server says that one changed; answers that come late are dropped.
 * T2 What is being written is kept here, so that it outlives a change of the panel's tab.
 */
import type { CellId, CommentPlace, CommentThread } from '@datacraft/shared';
import { api, Attempt } from '#lib/api/index.ts';
import { calls } from './calls.ts';
import type { Mentionable } from './mention.ts';

/** A thread that is about to be opened. */
export interface ThreadDraft {
  place: CommentPlace;
  cellId: CellId;
  anchor?: { start: string; end: string };
  quote: string;
}

export class Comments {
  readonly notebookId: string;
  threads = $state.raw<readonly CommentThread[]>([]);
  people = $state.raw<readonly Mentionable[]>([]);
  draft = $state.raw<ThreadDraft | null>(null);
  /** The thread one has just gone to. */
  current = $state<string | null>(null);
  readonly asking = new Attempt();
  readonly open = $derived(this.threads.filter((thread) => thread.resolvedAt === null));
  readonly unread = $derived(this.open.filter((thread) => thread.unread).length);
  #asked = 0;

  /** `may`: whether this person may read them; of a guest nothing is asked. */
  constructor(notebookId: string, may = true) {
    this.notebookId = notebookId;
    if (!may) return;
    void this.refresh();
    void this.#loadPeople();
  }

  /** Open threads of a cell; those of its tile are apart. */
  of(cellId: string, tile = false): CommentThread[] {
    return this.open.filter((thread) => thread.cellId === cellId && (thread.place === 'tile') === tile);
  }

  async refresh(): Promise<void> {
    const turn = ++this.#asked;
    await this.asking.quietly(async () => {
      const threads = await calls.threads(this.notebookId);
      if (turn === this.#asked) this.threads = threads;
    });
  }

  begin(draft: ThreadDraft): void {
    this.draft = draft;
    this.current = null;
  }

  /** Answers whether it was taken: what was typed stays in its field otherwise. */
  async post(said: { body: string; mentions: string[] }): Promise<boolean> {
    const { draft } = this;
    if (draft === null) return false;
    return this.asking.try(async () => {
      const { id } = await calls.open(this.notebookId, { ...draft, ...said });
      this.draft = null;
      this.current = id;
    });
  }

  reply(threadId: string, said: { body: string; mentions: string[] }): Promise<boolean> {
    return this.asking.try(() => calls.reply(this.notebookId, threadId, said));
  }

  resolve(threadId: string, resolved: boolean): Promise<boolean> {
    return this.asking.try(() => calls.resolve(this.notebookId, threadId, resolved));
  }

  change(commentId: string, body: string): Promise<boolean> {
    return this.asking.try(() => calls.change(this.notebookId, commentId, body));
  }

  remove(commentId: string): Promise<boolean> {
    return this.asking.try(() => calls.remove(this.notebookId, commentId));
  }

  async read(threadIds: string[]): Promise<void> {
    if (threadIds.length === 0) return;
    await this.asking.quietly(async () => {
      await calls.read(this.notebookId, threadIds);
      this.threads = this.threads.map((thread) =>
        threadIds.includes(thread.id) ? { ...thread, unread: false } : thread,
      );
    });
  }

  async #loadPeople(): Promise<void> {
    await this.asking.quietly(async () => {
      this.people = (await api.users()).filter((user) => user.disabledAt === null);
    });
  }
}
