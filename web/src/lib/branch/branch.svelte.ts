/** The branch that is open on this page, and its review: what it changed beside its notebook as it is now. */
import type { BranchReview, CellId, OpenedBranch } from '@datacraft/shared';
import { Attempt } from '#lib/api/index.ts';
import { calls } from './calls.ts';

export class OpenBranch {
  readonly id: string;
  now = $state.raw<OpenedBranch | null>(null);
  review = $state.raw<BranchReview | null>(null);
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

  async #compare(): Promise<void> {
    this.review = await calls.review(this.id);
  }
}
