import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

test.slow();

const MINUTE_MS = 60_000;
const SEED = 5_150;

test(`three who type in one cell for a minute end with one text, byte for byte, which is the server's (seed ${SEED})`, async ({
  page,
  api,
  join,
}) => {
  const id = await api.importNotebook('Minute', '```sql minute\nselect 1 as n\n```');
  const [gil, hana] = [await join('Gil Braga', 'editor'), await join('Hana Sato', 'editor')];
  const pages = [page, gil.page, hana.page];
  const people = pages.map((one) => new NotebookPage(one));
  for (const one of people) {
    await one.open(id);
    await one.edit('minute');
    await one.page.keyboard.insertText('\n-- ');
  }
  await Promise.all(pages.map((one, person) => typeForAMinute(one, SEED + person)));
  for (const one of people) await expect(one.saved).toContainText(/^\s*Saved/);
  const [first] = people;
  if (!first) throw new Error('nobody typed');
  // Nobody's text is held against one that was read before the last keys came there.
  const texts = () => Promise.all(people.map((one) => one.textOf('minute')));
  await expect.poll(async () => new Set(await texts()).size).toBe(1);
  const kept = /```sql minute\n([^]*?)\n```/.exec(await api.exportNotebook(id))?.[1];
  expect(kept?.trimEnd()).toBe((await first.textOf('minute')).trimEnd());
  expect(kept?.length).toBeGreaterThan(200);
});

/** Letters mostly, and steps, breaks and deletions among them, all over the text. */
async function typeForAMinute({ keyboard }: Page, seed: number): Promise<void> {
  const others = ['ArrowLeft', 'ArrowUp', 'ArrowDown', 'Backspace', 'Home', 'End', 'Delete'];
  let random = seed;
  const next = (below: number) => (random = (random * 48_271) % 2_147_483_647) % below;
  const end = Date.now() + MINUTE_MS;
  while (Date.now() < end) {
    const key = next(6) === 0 ? others[next(7)] : 'abcdefghijklmnopqrstuvwxyz'[next(26)];
    await keyboard.press(key ?? 'a', { delay: 20 });
  }
}
