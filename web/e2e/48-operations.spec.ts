import { expect, test } from './fixtures.ts';

test.describe('operations', () => {
  test('an export that fails fails its run, says why on its page, and is sent again alone', async ({ page, api }) => {
    const id = await api.importNotebook(
      'Sent away',
      '\n```sql sent_away\n---\nlayer: gold\nexport:\n  - { type: http, url: "http://127.0.0.1:9/in" }\n---\nselect 1 as x\n```\n',
    );
    const run = await api.run(id);
    expect(run.state).toBe('failed');
    await page.goto('/runs');
    await page
      .getByRole('link', { name: /Sent away/ })
      .first()
      .click();
    const main = page.getByRole('main');
    await expect(main.getByText(/gold\.sent_away is published, but was not sent to/).first()).toBeVisible();
    const before = page.url();
    await page.getByRole('button', { name: 'Send again' }).click();
    await expect.poll(() => page.url()).not.toBe(before);
    await expect(main.getByText(/was not sent to/).first()).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('button', { name: 'Send again' })).toBeVisible({ timeout: 30_000 });
  });

  test('a secret shows where it may go, and an owner changes that', async ({ page }) => {
    await page.goto('/sources');
    await page.getByLabel('Name of the secret').fill('shop_token');
    await page.getByLabel('Value', { exact: true }).fill('of nobody else');
    await page.getByRole('button', { name: 'Store' }).click();
    const line = page.getByRole('listitem').filter({ hasText: 'secret://shop_token' });
    await expect(line).toContainText('to no public host');
    await line.getByRole('button', { name: 'Hosts shop_token' }).click();
    const dialog = page.getByRole('dialog', { name: 'Where shop_token may be sent' });
    await dialog.getByLabel('May be sent to').fill('api.shop.example, *.shop.example');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(line).toContainText('to api.shop.example, *.shop.example');
  });

  test('owners find who did what, and verify the chain', async ({ page }) => {
    await page.goto('/settings');
    await page.getByRole('link', { name: 'Open the audit' }).click();
    await page.getByLabel('What').fill('signup');
    const rows = page.getByRole('row').filter({ hasText: 'signup' });
    await expect(page.getByRole('row').filter({ hasNotText: 'signup' })).toHaveCount(1); // the headings
    await expect(rows).not.toHaveCount(0);
    await page.getByLabel('Who').fill('nobody at all');
    await expect(page.getByText('No entry is like this')).toBeVisible();
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await expect(page.getByRole('status').getByText(/entries hold\. Head: [0-9a-f]{64}/)).toBeVisible();
    await expect(page.getByRole('link', { name: 'Export' })).toHaveAttribute('href', '/api/v1/audit/export');
  });
});
