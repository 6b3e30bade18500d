/** Who may do what in one notebook, and changing it. After each change the server is asked again: it decides. */
import type { Group, NotebookSharing, Role, UserSummary } from '@datacraft/shared';
import { api, Attempt } from '#lib/api/index.ts';
import { calls, type Subject } from './calls.ts';

export class Sharing {
  readonly notebookId: string;
  now = $state.raw<NotebookSharing | null>(null);
  people = $state.raw<readonly UserSummary[]>([]);
  groups = $state.raw<readonly Group[]>([]);
  /** The link that was just made; its address is told once. */
  fresh = $state.raw<{ id: string; address: string } | null>(null);
  readonly asking = new Attempt();

  constructor(notebookId: string) {
    this.notebookId = notebookId;
  }

  refresh(): Promise<boolean> {
    return this.asking.try(() => this.#load());
  }

  setAccess(access: NotebookSharing['access']): Promise<boolean> {
    return this.#change(() => calls.setAccess(this.notebookId, access));
  }

  /** `role` null takes it back. */
  grant(subject: Subject, role: Role | null): Promise<boolean> {
    return this.#change(() => calls.grant(this.notebookId, subject, role));
  }

  createLink(): Promise<boolean> {
    return this.#change(async () => {
      const { id, url } = await calls.createLink(this.notebookId);
      this.fresh = { id, address: new URL(url, window.location.origin).href };
    });
  }

  revokeLink(id: string): Promise<boolean> {
    return this.#change(async () => {
      await calls.revokeLink(this.notebookId, id);
      if (this.fresh?.id === id) this.fresh = null;
    });
  }

  async #change(work: () => Promise<unknown>): Promise<boolean> {
    const done = await this.asking.try(work);
    await this.asking.quietly(() => this.#load());
    return done;
  }

  async #load(): Promise<void> {
    const [now, people, groups] = await Promise.all([calls.sharing(this.notebookId), api.users(), calls.groups()]);
    this.now = now;
    this.people = people.filter((person) => person.disabledAt === null);
    this.groups = groups;
  }
}
