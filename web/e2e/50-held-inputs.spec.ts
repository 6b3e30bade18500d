import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

test.slow(); // two browsers

const text = `
\`\`\`sql orders
select * from (values (1, 10), (2, 20), (3, 30)) t(id, amount)
\`\`\`

\`\`\`sql totals
select id, amount * 2 as twice from orders order by id
\`\`\`

\`\`\`sql grand
select sum(twice) as grand_total from totals
\`\`\`
`;
const changed = 'select * from (values (1, 10), (2, 25), (3, 35), (4, 40)) t(id, amount)';

test('Bruno holds the inputs of his cell while Ana edits above it, sees how many rows differ, and takes them', async ({
  page,
  api,
  join,
}) => {
  const id = await api.importNotebook('Held', text);
  const ana = new NotebookPage(page);
  await ana.open(id);
  const guest = await join('Bruno Reis', 'editor');
  const bruno = new NotebookPage(guest.page);
  // All three cells are in sight: what nobody has come near is not computed.
  for (const each of [page, guest.page]) await each.setViewportSize({ width: 1360, height: 2000 });
  await bruno.open(id);
  const cellOf = (name: string) => bruno.grid(name).getByRole('gridcell');
  // The engine is loaded first.
  await expect(cellOf('totals').filter({ hasText: '60' })).toBeVisible({ timeout: 60_000 });
  await expect(cellOf('grand').filter({ hasText: '120' })).toBeVisible({ timeout: 60_000 });

  // Held by the keyboard alone: out of the editor, and P.
  await bruno.edit('totals');
  await guest.page.keyboard.press('Escape');
  await guest.page.keyboard.press('p');
  const strip = bruno.cell('totals').getByRole('list', { name: 'Held inputs of totals' });
  await expect(strip).toContainText('You hold orders as it was at');
  await expect(bruno.cell('orders')).toContainText('held for you');
  await expect(ana.cell('orders')).not.toContainText('held for you');

  await ana.write('orders', changed);
  await expect(strip.getByRole('status')).toHaveText(/^Ana Souza changed orders · 3 rows differ$/, { timeout: 30_000 });
  await expect(ana.grid('grand').getByRole('gridcell').filter({ hasText: '220' })).toBeVisible({ timeout: 60_000 });
  await expect(cellOf('orders').filter({ hasText: '40' })).toBeVisible();
  await expect(cellOf('totals').filter({ hasText: '60' })).toBeVisible();
  await expect(cellOf('grand').filter({ hasText: '120' })).toBeVisible({ timeout: 60_000 });

  // Broken in the middle of an edit, nothing is lost, and there is nothing to take.
  await ana.write('orders', 'select * from (values (1, 10)');
  await expect(strip.getByRole('status')).toContainText('it fails now');
  await expect(strip.getByRole('button', { name: 'Take orders as it is now' })).toHaveCount(0);
  await expect(cellOf('totals').filter({ hasText: '60' })).toBeVisible();
  await ana.write('orders', changed);
  await expect(strip.getByRole('status')).toContainText('3 rows differ');

  await guest.page.reload();
  const told = 'Ana Souza changed orders · 3 rows differ';
  await expect(strip.getByRole('status')).toContainText(told, { timeout: 60_000 });
  await expect(cellOf('totals').filter({ hasText: '60' })).toBeVisible({ timeout: 30_000 });
  await expect(cellOf('grand').filter({ hasText: '120' })).toBeVisible({ timeout: 60_000 });

  await strip.getByRole('button', { name: 'Take orders as it is now' }).click();
  await expect(strip.getByRole('status')).toContainText('You hold orders as it was at');
  await expect(cellOf('totals').filter({ hasText: '80' })).toBeVisible();
  await expect(cellOf('grand').filter({ hasText: '220' })).toBeVisible();

  await ana.write('orders', 'select 7 as id, 500 as amount');
  await expect(strip.getByRole('status')).toContainText('4 rows differ');
  await strip.getByRole('button', { name: 'Release orders' }).click();
  await expect(strip).toHaveCount(0);
  await expect(cellOf('grand').filter({ hasText: /1,?000/ })).toBeVisible();
});
