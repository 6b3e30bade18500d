import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

test.slow(); // three browsers

const text = Array.from({ length: 16 }, (_, n) => `\`\`\`sql cell_${n}\nselect ${n} as n\n\`\`\``).join('\n\n');

test('on a phone one button tells who is here and where; a tap goes there, another follows', async ({
  page,
  api,
  join,
}) => {
  const id = await api.importNotebook('In a hand', `${text}\n`);
  const [gil, hana] = [await join('Gil Braga', 'editor'), await join('Hana Sato', 'viewer')];
  await page.setViewportSize({ width: 360, height: 740 });
  const ana = new NotebookPage(page);
  const [gils, hanas] = [new NotebookPage(gil.page), new NotebookPage(hana.page)];
  for (const one of [ana, gils, hanas]) await one.open(id);
  await gils.cell('cell_12').click();

  const people = page.getByRole('banner').getByRole('button', { name: '2 other people here' });
  await expect(people).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await people.click();
  const list = page.getByRole('list', { name: 'People here' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list.getByText('on cell_12')).toBeVisible();
  await list.getByRole('button', { name: 'Gil Braga is on cell_12. Go there' }).click();
  await expect(list).toHaveCount(0);
  await expect(ana.cell('cell_12')).toBeInViewport();

  await people.click();
  await list.getByRole('button', { name: 'Follow Gil Braga' }).click();
  await expect(page.getByText('Following Gil Braga')).toBeVisible();
  await gils.cell('cell_3').scrollIntoViewIfNeeded();
  await gils.cell('cell_3').click();
  await expect(ana.cell('cell_3')).toBeInViewport();
  await page.getByRole('button', { name: 'Stop following' }).click();
  await expect(page.getByText('Following Gil Braga')).toHaveCount(0);
});

test('who follows somebody comes along into the graph and back', async ({ page, api, join }) => {
  const id = await api.importNotebook('Into the graph', `${text}\n`);
  const gil = await join('Gil Braga', 'editor');
  const [ana, gils] = [new NotebookPage(page), new NotebookPage(gil.page)];
  for (const one of [ana, gils]) await one.open(id);
  await page.getByRole('banner').getByRole('button', { name: 'Follow Gil Braga' }).dblclick();
  await expect(page.getByText('Following Gil Braga')).toBeVisible();

  const view = (of: typeof page, name: string) => of.getByRole('banner').getByRole('radio', { name, exact: true });
  await view(gil.page, 'Graph').click();
  const node = page.locator('.svelte-flow__node').filter({ hasText: 'cell_9' });
  await expect(node).toBeInViewport();
  await gil.page.locator('.svelte-flow__node').filter({ hasText: 'cell_9' }).click();
  await expect
    .poll(async () => {
      const [at, all] = [await node.boundingBox(), await page.locator('.svelte-flow').boundingBox()];
      return (
        at &&
        all &&
        Math.hypot(at.x + at.width / 2 - all.x - all.width / 2, at.y + at.height / 2 - all.y - all.height / 2)
      );
    })
    .toBeLessThan(8);
  await expect(page.getByText('Following Gil Braga')).toBeVisible();

  await view(gil.page, 'Notebook').click();
  await gils.cell('cell_2').click();
  await expect(ana.cell('cell_2')).toBeInViewport();
  await page.keyboard.press('Escape');
  await view(gil.page, 'Graph').click();
  await expect(page.getByText('Following Gil Braga')).toHaveCount(0);
  await expect(ana.cell('cell_2')).toBeVisible();
});
