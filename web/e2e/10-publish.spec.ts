import type { Api } from './api.ts';
import { expect, test } from './fixtures.ts';

const shop = (p: string) => `
\`\`\`input ${p}_min
type: number
label: Minimum
default: 0
\`\`\`

\`\`\`sql ${p}_sales
---
layer: gold
---
select c as channel, v as amount, 'only-in-the-table' as hidden_text
from (values ('App', 10), ('Site', 20), ('Loja', 40)) t(c, v)
\`\`\`

\`\`\`sql ${p}_kept
---
layer: gold
materialize: ephemeral
---
select channel, amount from ${p}_sales where amount >= $${p}_min
\`\`\`

\`\`\`chart ${p}_total
from: ${p}_kept
type: metric
title: Total sold
value: { column: amount, aggregate: sum }
\`\`\`

\`\`\`chart ${p}_bars
from: ${p}_kept
type: bar
title: By channel
x: channel
y: { column: amount, aggregate: sum }
\`\`\`
`;

async function aShop(api: Api, title: string, prefix: string): Promise<string> {
  const id = await api.importNotebook(title, shop(prefix));
  expect((await api.run(id)).state).toBe('succeeded');
  return id;
}

test.describe('a published dashboard', () => {
  test('is arranged in the editor, published, and opens by link without an account', async ({
    page,
    api,
    stranger,
  }) => {
    const id = await aShop(api, 'Arranged', 'ar');
    await page.goto(`/notebooks/${id}`);
    await page.getByRole('banner').getByRole('link', { name: 'Publish' }).click();
    const shelf = page.getByRole('region', { name: 'Cells' });
    await expect(shelf).toBeVisible();
    for (const name of ['Total sold', 'By channel', 'Ar sales']) {
      const add = shelf.getByRole('button', { name, pressed: false });
      const on = shelf.getByRole('button', { name, pressed: true });
      await expect(add.or(on)).toBeVisible();
      if (await add.isVisible()) await add.click();
      await expect(on).toBeVisible();
    }
    await shelf.getByRole('button', { name: 'Ar sales', pressed: true }).click();
    const bars = page.getByRole('group', { name: /^By channel, column/ });
    await bars.focus();
    const before = await bars.getAttribute('aria-label');
    await page.keyboard.press('Shift+ArrowLeft');
    await expect(bars).not.toHaveAttribute('aria-label', before ?? '');

    await page.getByRole('banner').getByRole('button', { name: 'Publish' }).click();
    const dialog = page.getByRole('dialog', { name: 'Publish the dashboard' });
    await dialog.getByRole('button', { name: 'Publish version 1' }).click();
    const url = (await dialog.getByText(/\/d\/\w+/).textContent()) ?? '';
    expect(url).toMatch(/\/d\/[\w-]{16,}/);

    const viewer = await stranger.newPage();
    await viewer.goto(url);
    await expect(viewer.getByRole('heading', { level: 1 })).toHaveText('Arranged');
    await expect(viewer.getByRole('region', { name: 'Total sold' })).toContainText('70');
    await expect(viewer.getByRole('region', { name: 'By channel' }).getByRole('img').first()).toBeVisible();
    await expect(viewer.getByText(/^Data of .*/)).toBeVisible();
    const html = await (await stranger.request.get(url)).text();
    for (const secret of ['ar_kept', 'only-in-the-table', 'hidden_text', 'select c as channel'])
      expect(html).not.toContain(secret);
  });

  test('shows its numbers without JavaScript', async ({ api, browser, baseURL }) => {
    const id = await aShop(api, 'Without scripts', 'ws');
    const { url } = await api.post<{ url: string }>(`/notebooks/${id}/publish`);
    const context = await browser.newContext({
      javaScriptEnabled: false,
      storageState: { cookies: [], origins: [] },
      locale: 'en-US',
      ...(baseURL === undefined ? {} : { baseURL }),
    });
    const page = await context.newPage();
    await page.goto(url);
    await expect(page.getByRole('region', { name: 'Total sold' })).toContainText('70');
    await expect(page.getByRole('region', { name: 'By channel' })).toContainText(/Loja/);
    await expect(page.getByText(/^Data of .*/)).toBeVisible();
    await context.close();
  });

  test('keeps each viewer their own inputs, in the address', async ({ api, stranger }) => {
    const id = await aShop(api, 'Inputs of a viewer', 'iv');
    const { url } = await api.post<{ url: string }>(`/notebooks/${id}/publish`);
    const page = await stranger.newPage();
    await page.goto(url);
    const total = page.getByRole('region', { name: 'Total sold' });
    await expect(total).toContainText('70');
    const minimum = page.getByRole('textbox', { name: 'Minimum' });
    await minimum.fill('15');
    await expect(total).toContainText('60');
    await expect(page).toHaveURL(/p\.iv_min=15/);
    const other = await stranger.newPage();
    await other.goto(page.url());
    await expect(other.getByRole('textbox', { name: 'Minimum' })).toHaveValue('15');
    await expect(other.getByRole('region', { name: 'Total sold' })).toContainText('60');
    await other.goto(url);
    await expect(other.getByRole('region', { name: 'Total sold' })).toContainText('70');
    await page.getByRole('button', { name: 'Reset' }).click();
    await expect(total).toContainText('70');
    await expect(page).not.toHaveURL(/p\.iv_min/);
  });

  test('stays as published until it is published again, which says what changed', async ({ page, api, stranger }) => {
    const id = await aShop(api, 'Frozen', 'fz');
    const { url } = await api.post<{ url: string }>(`/notebooks/${id}/publish`);
    await page.goto(`/notebooks/${id}/dashboard`);
    const slot = page.getByRole('group', { name: /^Total sold, column/ });
    await slot.click();
    const title = page.getByRole('textbox', { name: 'Title of the tile' });
    await title.fill('Everything sold');
    await title.press('Tab');
    await page.getByRole('banner').getByRole('button', { name: 'Publish' }).click();
    const dialog = page.getByRole('dialog', { name: 'Publish the dashboard' });
    await expect(dialog.getByText('1 change for viewers')).toBeVisible();
    const viewer = await stranger.newPage();
    await viewer.goto(url);
    await expect(viewer.getByRole('region', { name: 'Total sold' })).toBeVisible();
    await dialog.getByRole('button', { name: 'Publish version 2' }).click();
    await expect(dialog.getByText('Version 2 is published')).toBeVisible();
    await viewer.reload();
    await expect(viewer.getByRole('region', { name: 'Everything sold' })).toContainText('70');
  });

  test('is gone for everybody once sharing stops', async ({ page, api, stranger }) => {
    const id = await aShop(api, 'Taken back', 'tb');
    const { url } = await api.post<{ url: string }>(`/notebooks/${id}/publish`);
    expect((await stranger.request.get(url)).status()).toBe(200);
    await page.goto(`/notebooks/${id}/dashboard`);
    await page.getByRole('banner').getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop sharing' }).click();
    const sure = page.getByRole('dialog', { name: 'Stop sharing the dashboard?' });
    await sure.getByRole('button', { name: 'Stop sharing' }).click();
    await expect(
      page
        .getByRole('dialog')
        .getByRole('button', { name: 'Publish version 1' })
        .or(page.getByRole('dialog').getByText('This makes a link.', { exact: false }))
        .first(),
    ).toBeVisible();
    const viewer = await stranger.newPage();
    const response = await viewer.goto(url);
    expect(response?.status()).toBe(404);
    await expect(viewer.getByText('This dashboard is no longer shared')).toBeVisible();
  });
});
