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

/** A transform, a model and a forecast, each with its form and its report. */
const depth = `
\`\`\`sql screen_loans
select i as loan_id, (1000 + (i * 7919) % 9000)::integer as income, (18 + (i * 104729) % 50)::integer as age,
  (i * 7919) % 9000 + 100 * ((i * 104729) % 50) < 5000 as defaulted
from range(600) t(i)
\`\`\`

\`\`\`transform screen_adults
from: screen_loans
steps:
  - filter: age >= 21
  - rename: { income: income_brl }
\`\`\`

\`\`\`model screen_risk
task: classification
from: screen_adults
target: defaulted
algorithm: random_forest
\`\`\`
`;

test('every screen, light, dark and on a phone', async ({ page, api, stranger }) => {
  test.setTimeout(420_000);
  mkdirSync(shots, { recursive: true });
  const { id, runId } = await api.example();
  const { url } = await api.post<{ url: string }>(`/notebooks/${id}/publish`);
  const empty = await api.createNotebook('Empty');
  const deep = await api.importNotebook('Depth', depth);
  expect((await api.run(deep)).state).toBe('succeeded');
  await api.request.put(`/api/v1/notebooks/${deep}/schedule`, {
    data: { schedule: { cron: '0 6 * * *', timezone: 'America/Sao_Paulo' } },
  });
  const asked = await api.query('select income + 3000 as income_brl, age from silver.screen_loans where age >= 21');
  await api.post('/models/screen_risk/predict', { rows: asked });
  const screens: Record<string, string> = {
    home: '/',
    notebooks: '/notebooks',
    notebook: `/notebooks/${id}`,
    'notebook-depth': `/notebooks/${deep}`,
    pipelines: '/pipelines',
    pipeline: `/pipelines/${deep}`,
    streams: '/streams',
    sources: '/sources',
    star: '/tables/star',
    alerts: '/alerts',
    models: '/models',
    model: '/models/screen_risk',
    'notebook-empty': `/notebooks/${empty}`,
    'dashboard-editor': `/notebooks/${id}/dashboard`,
    tables: '/tables',
    table: '/tables/gold/fact_sales',
    sql: '/sql',
    runs: '/runs',
    run: `/runs/${runId}`,
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
