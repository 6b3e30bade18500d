import { expect, test } from './fixtures.ts';

const cells = (rows: string) => `
\`\`\`sql stock
---
materialize: table
---
select * from (values ${rows}) t(id, name, amount)
\`\`\`
`;

test.describe('time travel', () => {
  test('states of a table are listed, read, compared, tagged, and one is brought back', async ({ page, api }) => {
    const id = await api.importNotebook('Stock', cells("(1, 'pen', 10), (2, 'cup', 20)"));
    await api.run(id);
    const other = await api.importNotebook('Stock', cells("(1, 'pen', 12), (3, 'bag', 30)"));
    await api.request.delete(`/api/v1/notebooks/${id}`);
    await api.run(other);

    await page.goto('/tables/silver/stock');
    await page.getByRole('tab', { name: /Snapshots/ }).click();
    const rows = page.getByRole('row').filter({ has: page.getByRole('checkbox') });
    await expect(rows).toHaveCount(2);
    await expect(rows.first()).toContainText('now');

    await rows.nth(0).getByRole('checkbox').check();
    await rows.nth(1).getByRole('checkbox').check();
    const changes = page.getByRole('region', { name: / to / });
    await expect(changes.getByRole('status')).toContainText('2 removed');
    await changes.getByRole('button', { name: 'id', exact: true }).click();
    await expect(changes.getByRole('status')).toContainText('+1, 1 changed, 1 removed');
    await expect(changes.getByRole('row', { name: /changed 1 pen/ })).toContainText('10 12');

    await rows.nth(1).getByRole('button', { name: /^Tag/ }).click();
    await page.getByRole('dialog').getByLabel('Tag').fill('1st');
    await page.getByRole('dialog').getByRole('button', { name: 'Tag', exact: true }).click();
    await expect(page.getByRole('dialog').getByRole('alert')).toContainText('a tag is made of', { ignoreCase: true });
    await page.getByRole('dialog').getByLabel('Tag').fill('opening');
    await page.getByRole('dialog').getByLabel('Tag').press('Enter');
    await expect(rows.nth(1)).toContainText('opening');
    expect(
      (await api.post<{ rows: unknown[] }>('/query', { sql: 'select id from silver.stock', asOf: 'opening' })).rows,
    ).toEqual([{ id: 1 }, { id: 2 }]);

    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByLabel('Newest snapshots').fill('5');
    await page.getByLabel('Newest snapshots').press('Enter');
    await expect(page.getByText('Kept: snapshots the newest 5, and tagged ones.')).toBeVisible();

    await rows.nth(1).getByRole('button', { name: 'Read as of opening' }).click();
    await expect(page.getByText(/^As of/)).toBeVisible();
    await expect(page.getByRole('gridcell', { name: 'cup' })).toBeVisible();
    await page.getByRole('button', { name: 'Back to now' }).click();
    await expect(page.getByRole('gridcell', { name: 'bag' })).toBeVisible();

    await page.getByRole('tab', { name: /Snapshots/ }).click();
    await rows.nth(1).getByRole('button', { name: 'Roll back to opening' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back', exact: true }).click();
    await expect(rows).toHaveCount(3);
    await expect(rows.first()).toContainText('rolled back');
    expect(await api.query('select id, amount from silver.stock order by id')).toEqual([
      { id: 1, amount: 10 },
      { id: 2, amount: 20 },
    ]);
  });

  test('who may not edit reads and compares, and is offered nothing else', async ({ api, join }) => {
    await api.run(await api.importNotebook('Seen', cells("(1, 'pen', 10)").replace('sql stock', 'sql stock_seen')));
    const guest = await join('Vera', 'viewer');
    await guest.page.goto('/tables/silver/stock_seen');
    await guest.page.getByRole('tab', { name: /Snapshots/ }).click();
    await expect(guest.page.getByRole('button', { name: /^Read as of/ })).toBeVisible();
    await expect(guest.page.getByRole('button', { name: /^Tag/ })).toHaveCount(0);
    const [snapshot] = await api.get<{ snapshotId: string }[]>('/tables/silver/stock_seen/snapshots');
    const data = { snapshotId: snapshot?.snapshotId };
    const refused = await guest.api.request.put('/api/v1/tables/silver/stock_seen/tags/mine', { data });
    expect(refused.status()).toBe(403);
  });
});
