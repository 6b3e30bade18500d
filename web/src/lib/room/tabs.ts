/**
 * Which tabs of this browser are still there: each holds a lock by its own name for as long as its page lives.
 */
export interface Tabs {
  /** Of this page; a reloaded one is another. */
  readonly own: string;
  /** Names of those that live, this one among them. Null where the browser cannot tell. */
  living(): Promise<ReadonlySet<string> | null>;
}

const PREFIX = 'datacraft-tab/';

export function browserTabs(newName: () => string, locks: LockManager | undefined): Tabs {
  const own = newName();
  // Held until the page is gone; a browser lets it go with the page, however that ends.
  const held = new Promise<void>((resolve) => {
    if (!locks) return resolve();
    void locks.request(`${PREFIX}${own}`, () => {
      resolve();
      return new Promise<void>(() => undefined);
    });
  });
  return {
    own,
    async living() {
      if (!locks) return null;
      await held;
      const { held: all = [] } = await locks.query();
      return new Set(all.flatMap(({ name }) => (name?.startsWith(PREFIX) === true ? [name.slice(PREFIX.length)] : [])));
    },
  };
}
