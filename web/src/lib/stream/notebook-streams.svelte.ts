/** The streams of the notebook that is open, kept up to date while one is live. */
import type { NotebookId, NotebookStream } from '@datacraft/shared';
import { isBranchId } from '@datacraft/shared';
import { lookAgain } from '#lib/api/look-again.ts';
import { calls } from './calls.ts';

const LOOK_MS = 5_000;

export class NotebookStreams {
  list = $state.raw<readonly NotebookStream[]>([]);
  readonly #id: NotebookId;
  readonly #isAsked: boolean;
  readonly #stop: (() => void) | undefined;

  /** Of a branch and for a guest there are none. */
  constructor(id: NotebookId, mayAsk: boolean) {
    this.#id = id;
    this.#isAsked = mayAsk && !isBranchId(id);
    if (!this.#isAsked) return;
    void this.refresh();
    this.#stop = lookAgain(async () => {
      if (this.list.some(({ state }) => state === 'live')) await this.refresh();
    }, LOOK_MS);
  }

  of(cell: string): NotebookStream | null {
    return this.list.find((each) => each.cell === cell) ?? null;
  }

  async start(cell: string): Promise<void> {
    const started = await calls.start(this.#id, cell);
    this.list = [...this.list.filter(({ id }) => id !== started.id), { ...started, changed: [] }];
  }

  /** What is known stays when the server cannot be asked: the page says that itself. */
  async refresh(): Promise<void> {
    if (!this.#isAsked) return;
    this.list = await calls.ofNotebook(this.#id).catch(() => this.list);
  }

  destroy(): void {
    this.#stop?.();
  }
}
