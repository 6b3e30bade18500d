import { type Server, startServer } from './server.ts';
import { expect, test } from './fixtures.ts';
import { owner } from './people.ts';
import { NotebookPage } from './pages/notebook.ts';

/** A server that nobody has seen yet. */
test.describe('the first visit', () => {
  let server: Server;
  test.beforeAll(async () => {
    server = await startServer();
  });
  test.afterAll(() => server.remove());
  test.use({ storageState: { cookies: [], origins: [] } });

  test('goes from an empty folder to a first chart', async ({ browser }) => {
    test.setTimeout(180_000);
    expect(server.said).toContain(`DataCraft is ready at ${server.url}`);
    const context = await browser.newContext({ baseURL: server.url, locale: 'en-US' });
    const page = await context.newPage();
    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'Create the owner account' })).toBeVisible();
    await page.getByRole('textbox', { name: 'Name' }).fill(owner.name);
    await page.getByRole('textbox', { name: 'E-mail' }).fill(owner.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(owner.password);
    await page.getByRole('button', { name: 'Create account' }).click();

    const notebook = new NotebookPage(page);
    await expect(page.getByRole('banner').getByRole('heading', { name: 'Vendas por canal', level: 1 })).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);

    const tour = page.getByRole('region', { name: 'Tour of the example' });
    await expect(tour).toContainText('Step 1 of 5. Look at a file.');
    await tour.getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('Enter');
    await tour.getByRole('button', { name: 'Show me' }).click();
    await expect(notebook.editor('orders')).toBeFocused();
    await tour.getByRole('button', { name: 'Next' }).click();
    await tour.getByRole('button', { name: 'Next' }).click();
    await tour.getByRole('button', { name: 'Run' }).click();
    await notebook.expectRun(/^succeeded, \d+ of \d+ tasks$/);
    await expect(notebook.cell('orders_raw')).toContainText('12 of 2,400 rows were set aside');
    await notebook.cell('orders').scrollIntoViewIfNeeded();
    await expect(notebook.cell('orders')).toContainText('2,388 rows published');

    const chart = notebook.cell('sales_by_channel');
    await chart.scrollIntoViewIfNeeded();
    await expect(chart.getByRole('img', { name: /channel/i })).toBeVisible({ timeout: 60_000 });
    const metric = notebook.cell('total_sales');
    await metric.scrollIntoViewIfNeeded();
    await expect(metric).toContainText(/R\$\s?[\d.,]+/);

    await expect(tour).toContainText('It ran. The tables are published.');
    await tour.getByRole('button', { name: 'Next' }).click();
    await expect(tour.getByRole('link', { name: 'Arrange and publish' })).toBeVisible();
    await page.reload();
    await expect(tour).toContainText('Step 5 of 5. Share it.');
    await tour.getByRole('button', { name: 'Close the tour' }).click();
    await expect(tour).toBeHidden();
    await page.reload();
    await expect(notebook.cell('orders')).toBeVisible();
    await expect(tour).toBeHidden();

    await page.goto('/signup');
    await expect(page).not.toHaveURL(/signup/);
    await context.close();
  });
});
