import { expect, test } from './fixtures.ts';

const orders = `
\`\`\`sql star_orders
---
unique_key: order_id
---
select * from (values (1, 10, 'Ana', 5.50::decimal(9,2)), (2, 20, 'Bia', 7.00), (3, null, null, 1.00)) t(order_id, client_id, client, amount)
\`\`\`
`;

test('a star is designed from a table, run, drawn, and its relationships checked', async ({ page, api }) => {
  await api.run(await api.importNotebook('Star orders', orders));
  await page.goto('/tables/star');
  const form = page.getByRole('region', { name: 'Design a star' });
  await form.getByLabel('From the table').selectOption('silver.star_orders');
  await expect(form.getByLabel('order_id (integer)')).toHaveValue('grain');
  await expect(form.getByLabel('client_id (integer)')).toHaveValue('dimension');
  await form.getByLabel('client (varchar)').selectOption({ label: 'attribute of client_id' });
  await form.getByRole('button', { name: 'Create the cells' }).click();
  await page.waitForURL(/\/notebooks\//);
  const id = new URL(page.url()).pathname.split('/')[2] ?? '';
  const report = await api.run(id);
  expect(report.state).toBe('succeeded');
  expect(await api.query('select sum(amount)::varchar as total from gold.fact_star_orders')).toEqual([
    { total: '13.50' },
  ]);

  await page.goto('/tables/star');
  const star = page.getByRole('region', { name: 'Star of fact_star_orders' });
  await expect(star.getByRole('link', { name: /fact_star_orders.*order_id.*grain/s })).toBeVisible();
  await expect(star.getByRole('link', { name: /dim_client.*SCD 1/s })).toBeVisible();
  await star.getByRole('button', { name: 'Check relationships' }).click();
  await expect(star.getByRole('status')).toContainText('1 row without a member');
  await star.getByRole('link', { name: /dim_client.*SCD 1/s }).click();
  await expect(page).toHaveURL(/\/tables\/gold\/dim_client$/);
});
