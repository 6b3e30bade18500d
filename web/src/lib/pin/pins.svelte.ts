/** The rows that this person holds in this notebook. They are kept by the server, and nobody else sees them. */
import type { CellId, PinnedInput, PinRequest } from '@datacraft/shared';
import { http } from '#lib/api/client.ts';
import { Attempt } from '#lib/api/index.ts';

export class Pins {
  list = $state.raw<readonly PinnedInput[]>([]);
  readonly asking = new Attempt();
  readonly #byCell = $derived(new Map(this.list.map((pin) => [pin.cellId, pin])));
  readonly #at: string;
  readonly #mine: boolean;

  /** A guest of a link has no account to keep anything for. */
  constructor(notebookId: string, mine: boolean) {
    this.#at = `/notebooks/${encodeURIComponent(notebookId)}/pins`;
    this.#mine = mine;
  }

  of(cellId: CellId): PinnedInput | null {
    return this.#byCell.get(cellId) ?? null;
  }

  async refresh(): Promise<void> {
    if (this.#mine) await this.asking.quietly(() => this.#load());
  }

  /** All of them or, when one fails, those before it; what is held is asked for again either way. */
  hold(rows: readonly { cellId: CellId; request: () => Promise<PinRequest> }[]): Promise<boolean> {
    return this.asking.try(async () => {
      try {
        for (const { cellId, request } of rows) await http.put(this.#place(cellId), await request());
      } finally {
        await this.#load();
      }
    });
  }

  release(cells: readonly CellId[]): Promise<boolean> {
    return this.asking.try(async () => {
      try {
        for (const cellId of cells) await http.delete(this.#place(cellId));
      } finally {
        await this.#load();
      }
    });
  }

  async #load(): Promise<void> {
    this.list = await http.get<PinnedInput[]>(this.#at);
  }

  #place(cellId: CellId): string {
    return `${this.#at}/${encodeURIComponent(cellId)}`;
  }
}
