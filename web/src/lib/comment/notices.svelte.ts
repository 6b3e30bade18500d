/** Where this person was named or answered. Asked for when the page wakes, when a notebook says so, and each half minute. */
import type { Notification } from '@datacraft/shared';
import { messageOf } from '#lib/api/index.ts';
import { calls } from './calls.ts';

const AGAIN_MS = 30_000;

class Notices {
  list = $state.raw<readonly Notification[]>([]);
  failure = $state<string | null>(null);
  readonly unread = $derived(this.list.filter((notice) => notice.readAt === null).length);

  async refresh(): Promise<void> {
    try {
      this.list = await calls.notifications();
      this.failure = null;
    } catch (error) {
      this.failure = messageOf(error);
    }
  }

  /** All of them without ids. */
  async read(ids?: string[]): Promise<void> {
    try {
      await calls.readNotifications(ids);
      await this.refresh();
    } catch (error) {
      this.failure = messageOf(error);
    }
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
}

export const notices = new Notices();
