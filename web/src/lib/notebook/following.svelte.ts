import type { Person } from '#lib/room/presence.svelte.ts';

/** Whose eyes this person follows; one at most, never themselves. */
export class Following {
  id = $state<string | null>(null);

  /** Null when they left, or nobody is followed. */
  person(people: readonly Person[]): Person | null {
    return people.find((one) => one.id === this.id && !one.self) ?? null;
  }

  start(id: string): void {
    this.id = id;
  }

  stop(): void {
    this.id = null;
  }
}
