/** The branch that is open on this page, and its review: what it changed beside its notebook as it is now. */
import type { BranchReview, CellId, OpenedBranch } from '@datacraft/shared';
import { Attempt } from '#lib/api/index.ts';
import { calls } from './calls.ts';

export class OpenBranch {
  readonly id: string;
  now = $state.raw<OpenedBranch | null>(null);
  review = $state.raw<BranchReview | null>(null);
  /** What its notebook changed since the fork and the branch does not have. */
  behind = $state.raw<BranchReview | null>(null);
  readonly asking = new Attempt();
  /** Cells that go in without a choice between two sides. */
  readonly agreed = $derived((this.review?.cells ?? []).filter((cell) => cell.state !== 'conflict'));

  constructor(id: string) {
    this.id = id;
  }

  refresh(): Promise<boolean> {
    return this.asking.try(async () => {
      this.now = await calls.get(this.id);
    });
  }

  compare(): Promise<boolean> {
    return this.asking.try(() => this.#compare());
  }

  rename(name: string): Promise<boolean> {
    return this.asking.try(async () => {
      this.now = await calls.rename(this.id, name);
    });
  }

  askReview(note: string): Promise<boolean> {
    return this.asking.try(async () => {
      this.now = await calls.askReview(this.id, note);
    });
  }

  discard(): Promise<boolean> {
    return this.asking.try(() => calls.discard(this.id));
  }

  /** `cells` null: all that go in without a choice. */
  accept(cells: readonly CellId[] | null, takeBranch: readonly CellId[] = []): Promise<boolean> {
    return this.asking.try(async () => {
      await calls.accept(this.id, cells, takeBranch);
      this.now = await calls.get(this.id);
      await this.#compare();
    });
  }

  /** For a look in the background: what it finds is shown where it changes anything. */
  lookBehind(): Promise<void> {
    return this.asking.quietly(async () => {
      this.behind = await calls.changesOfMain(this.id);
    });
  }

  /** Without `decide`: all that do not conflict. */
  takeMain(decide?: { readonly cell: CellId; readonly side: 'main' | 'branch' }): Promise<boolean> {
    const side = decide?.side === 'branch' ? 'keepBranch' : 'takeMain';
    const asked = decide ? { cells: decide.side === 'branch' ? [] : [decide.cell], [side]: [decide.cell] } : {};
    return this.asking.try(async () => {
      await calls.takeMain(this.id, asked);
      await this.#compare();
    });
  }

  async #compare(): Promise<void> {
    [this.review, this.behind] = await Promise.all([calls.review(this.id), calls.changesOfMain(this.id)]);
  }
}
