import type { QueryParams, SqlTab, SqlTabs } from '@datacraft/shared';
import { sqlCalls } from './calls.ts';

const SETTLE_MS = 600;
const MOST = 30;

const newTab = (sql = '', params: QueryParams = {}, name = ''): SqlTab => ({
  id: crypto.randomUUID().slice(0, 8),
  name,
  sql,
  params,
});

/** The tabs of this person: kept on the server a moment after the last change, so that they are there on any machine. */
export class Tabs {
  list = $state.raw<readonly SqlTab[]>([newTab()]);
  active = $state('');
  ready = $state(false);
  /** They could not be kept; why, in words. */
  failure = $state<unknown>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  get current(): SqlTab {
    return this.list.find(({ id }) => id === this.active) ?? this.list[0] ?? newTab();
  }

  /** `first` is a query that a link brings: it gets a tab of its own. */
  async load(first: string | null): Promise<void> {
    const kept = await sqlCalls.tabs().catch((error: unknown) => {
      this.failure = error;
      return null;
    });
    if (kept !== null && kept.tabs.length > 0) {
      this.list = kept.tabs;
      this.active = kept.active;
    }
    this.active = this.current.id;
    if (first !== null && this.current.sql !== first) this.open(first);
    this.ready = true;
  }

  open(sql = '', params: QueryParams = {}, name = ''): void {
    const known = sql === '' ? undefined : this.list.find((tab) => tab.sql === sql && tab.name === name);
    const empty = this.current.sql.trim() === '' && this.current.name === '' ? this.current : undefined;
    const tab = known ?? { ...newTab(sql, params, name), ...(empty ? { id: empty.id } : {}) };
    if (known === undefined)
      this.list = empty
        ? this.list.map((each) => (each.id === empty.id ? tab : each))
        : [...this.list, tab].slice(-MOST);
    this.active = tab.id;
    this.#keep();
  }

  add(): void {
    const tab = newTab();
    this.list = [...this.list, tab].slice(-MOST);
    this.active = tab.id;
    this.#keep();
  }

  change(change: Partial<Omit<SqlTab, 'id'>>): void {
    const { id } = this.current;
    this.list = this.list.map((tab) => (tab.id === id ? { ...tab, ...change } : tab));
    this.#keep();
  }

  show(id: string): void {
    this.active = id;
    this.#keep();
  }

  close(id: string): void {
    const at = this.list.findIndex((tab) => tab.id === id);
    const left = this.list.filter((tab) => tab.id !== id);
    this.list = left.length === 0 ? [newTab()] : left;
    if (this.active === id) this.active = (this.list[Math.max(0, at - 1)] ?? this.current).id;
    this.#keep();
  }

  #keep(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), SETTLE_MS);
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.ready) return;
    const tabs: SqlTabs = { tabs: this.list, active: this.active };
    try {
      await sqlCalls.keepTabs(tabs);
      this.failure = null;
    } catch (error) {
      this.failure = error;
    }
  }
}

/** What a tab is called: its name, else how its text begins. */
export function tabLabel(tab: SqlTab, untitled: string): string {
  if (tab.name !== '') return tab.name;
  const words = tab.sql
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words === '' ? untitled : words.slice(0, 24);
}
