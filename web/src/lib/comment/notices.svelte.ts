/** Where this person was named or answered. Asked for when the page wakes, when a notebook says so, and each half minute. */
import type { Notification } from '@datacraft/shared';
import { Attempt } from '#lib/api/index.ts';
import { calls } from './calls.ts';

const AGAIN_MS = 30_000;

class Notices {
  list = $state.raw<readonly Notification[]>([]);
  readonly asking = new Attempt();
  readonly unread = $derived(this.list.filter((notice) => notice.readAt === null).length);

  refresh(): Promise<boolean> {
    return this.asking.try(() => this.#list());
  }

  /** All of them without ids. */
  read(ids?: string[]): Promise<boolean> {
    return this.asking.try(async () => {
      await calls.readNotifications(ids);
      await this.#list();
    });
  }

  /** For as long as the frame stands; the answer stops it. */
  watch(): () => void {
    const look = (): void => {
      if (document.visibilityState === 'visible') void this.refresh();
    };
    look();
    const timer = setInterval(look, AGAIN_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }

  async #list(): Promise<void> {
    this.list = await calls.notifications();
  }
}

export const notices = new Notices();
