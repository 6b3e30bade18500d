import { beforeEach, describe, expect, it } from 'vitest';
import type { Tabs } from './tabs.ts';
import { Unsaved } from './unsaved.svelte.ts';

const items = new Map<string, string>();
const store = {
  getItem: (key: string) => items.get(key) ?? null,
  setItem: (key: string, value: string) => void items.set(key, value),
  removeItem: (key: string) => void items.delete(key),
  key: (at: number) => [...items.keys()][at] ?? null,
  get length() {
    return items.size;
  },
};
const living = new Set<string>();
function tab(own: string, later = (work: () => void) => work()): Unsaved {
  living.add(own);
  const tabs: Tabs = { own, living: () => Promise.resolve(living) };
  return new Unsaved(store, 'me/nb/unsaved', tabs, later);
}
beforeEach(() => {
  items.clear();
  living.clear();
});

describe('edits that wait to be saved', () => {
  it('N3 of one tab are not those of another that lives, nor cleared by it', async () => {
    const first = tab('a');
    first.add(['c1', 'c1'], '2026-01-01');
    const second = tab('b');
    expect([await second.adopt(), second.count]).toEqual([0, 0]);
    second.add(['c2'], '2026-01-02');
    second.clear();
    expect([first.count, [...items.keys()]]).toEqual([2, ['me/nb/unsaved/a']]);
    first.destroy();
  });

  it('N2 of a tab that is gone are taken over once, by the next', async () => {
    tab('a').add(['c1', null as never], '2026-01-01');
    tab('b').add(['c1'], '2026-01-03');
    living.clear();
    const next = tab('c');
    expect([await next.adopt(), next.list.find((one) => one.cellId === 'c1')]).toEqual([
      3,
      { cellId: 'c1', edits: 2, at: '2026-01-03' },
    ]);
    expect([...items.keys()]).toEqual(['me/nb/unsaved/c']);
    const other = tab('d');
    expect(await other.adopt()).toBe(0);
    next.clear();
    expect(items.size).toBe(0);
  });

  it('N2 writes what still waits when its moment comes, and nothing of what was confirmed before', () => {
    const moments: (() => void)[] = [];
    const one = tab('a', (work) => void moments.push(work));
    one.add(['c1'], '2026-01-01');
    one.clear();
    for (const work of moments.splice(0)) work();
    expect(items.size).toBe(0);
    one.add(['c1'], '2026-01-02');
    one.add(['c2'], '2026-01-03');
    for (const work of moments.splice(0)) work();
    expect(JSON.parse(items.get('me/nb/unsaved/a') ?? '')).toEqual(one.list);
    one.destroy();
  });

  it('takes over the one list that an older version kept for all tabs', async () => {
    items.set('me/nb/unsaved', JSON.stringify([{ cellId: null, edits: 4, at: '2026-01-01' }]));
    const one = tab('a');
    expect([await one.adopt(), [...items.keys()]]).toEqual([4, ['me/nb/unsaved/a']]);
    one.destroy();
  });
});
