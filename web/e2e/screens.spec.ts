import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';

/** Pictures of every screen for people to look at, in `shots/`; each also has to fit its width. */
const shots = join(import.meta.dirname, '..', '..', 'shots');
const sizes = [
  { name: 'light', width: 1440, height: 900, scheme: 'light' },
  { name: 'dark', width: 1440, height: 900, scheme: 'dark' },
  { name: 'phone', width: 390, height: 844, scheme: 'light' },
  { name: 'phone-small', width: 360, height: 740, scheme: 'dark' },
] as const;

test('every screen, light, dark and on a phone', async ({ page, api, stranger }) => {
  test.setTimeout(180_000);
  mkdirSync(shots, { recursive: true });
  const { id } = await api.post<{ id: string }>('/notebooks/example');
  const report = await api.run(id);
  expect(report.state).toBe('succeeded');
  const { url } = await api.post<{ url: string }>(`/notebooks/${id}/publish`);
  const empty = await api.createNotebook('Empty');
  const screens: Record<string, string> = {
    home: '/',
    notebooks: '/notebooks',
    notebook: `/notebooks/${id}`,
    'notebook-empty': `/notebooks/${empty}`,
    'dashboard-editor': `/notebooks/${id}/dashboard`,
    tables: '/tables',
    table: '/tables/gold/fact_sales',
    sql: '/sql',
    runs: '/runs',
    run: `/runs/${report.runId}`,
    dashboards: '/dashboards',
    settings: '/settings',
  };
  const outside: Record<string, string> = { login: '/login', dashboard: url, gone: '/d/no-such-link' };
  const visitor = await stranger.newPage();
  const tooWide: string[] = [];
  for (const size of sizes) {
    for (const [who, places] of [
      [page, screens],
      [visitor, outside],
    ] as const) {
      await who.setViewportSize(size);
      await who.emulateMedia({ colorScheme: size.scheme });
      for (const [name, path] of Object.entries(places)) {
        await who.goto(path);
        await expect(who.getByRole('main')).toBeVisible();
        await expect(who.getByLabel('Opening the notebook')).toBeHidden();
        // The app keeps streams open, so the network is never idle: give charts their moment.
        await who.waitForTimeout(800);
        await who.screenshot({ path: join(shots, `${name}-${size.name}.png`), animations: 'disabled' });
        const over = await who.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (over > 0) tooWide.push(`${name} at ${size.width} px is ${over} px too wide`);
      }
    }
  }
  expect(tooWide).toEqual([]);
});
