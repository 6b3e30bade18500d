import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const text = [
  '# Printed\n\nProse that is read.',
  "```sql sold_89\n---\nlayer: gold\n---\nselect * from (values ('Site', 340), ('Loja', 120)) t(channel, amount)\n```",
  '```sql many_89\nselect range as n, range as m from range(90)\n```',
  ...Array.from(
    { length: 30 },
    (_, n) => `Filler ${n}\n\n${'more\n\n'.repeat(6)}\n\n\`\`\`sql filler_${n}\nselect ${n} as n\n\`\`\``,
  ),
  '```chart bars_89\nfrom: sold_89\ntype: bar\nx: channel\ny: amount\n```',
].join('\n\n');

/** What is printed is told by the page itself: its own printing ends here. */
async function stubPrint(page: import('@playwright/test').Page): Promise<void> {
  await page.addInitScript(() => {
    localStorage.setItem('theme', 'dark');
    window.print = () => document.documentElement.setAttribute('data-printed', 'yes');
  });
}
const sheetsOf = (pdf: Buffer) => [...pdf.toString('latin1').matchAll(/\/Type\s*\/Page[^s]/g)].length;

test('a notebook is printed whole: cells that nobody came near, their charts, on white, without the frame', async ({
  page,
  api,
}) => {
  const id = await api.importNotebook('Print', text);
  await api.run(id);
  await stubPrint(page);
  const ana = new NotebookPage(page);
  await ana.open(id);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.press('ControlOrMeta+p');
  await expect(page.locator('html')).toHaveAttribute('data-printed', 'yes', { timeout: 45_000 });

  // As it is on paper.
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(page.getByRole('banner')).toBeHidden();
  await expect(page.getByRole('navigation').first()).toBeHidden();
  await expect(ana.panel).toBeHidden();
  await expect(page.getByRole('button', { name: 'More' }).first()).toBeHidden();
  await expect(page.getByRole('table', { name: 'many_89' }).getByRole('row')).toHaveCount(26);
  await expect(page.getByText('25 of 90 rows')).toBeVisible();
  const chart = ana.cell('bars_89').locator('canvas');
  await expect(chart).toBeVisible();
  const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(width).toBeLessThanOrEqual(0);
  expect(sheetsOf(await page.pdf({ format: 'A4' }))).toBeGreaterThan(5);

  await page.emulateMedia({ media: 'screen' });
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByRole('banner')).toBeVisible();
  await expect(page.getByRole('table', { name: 'many_89' })).toHaveCount(0);
});

test('a dashboard is printed with all rows of its tables and without what only a screen can do', async ({
  api,
  stranger,
}) => {
  const id = await api.importNotebook(
    'Print a dashboard',
    text.replaceAll('89', '89b').concat('\n\n```chart rows_89b\nfrom: many_89b\ntype: table\ntitle: Rows of it\n```'),
  );
  await api.run(id);
  const { token } = await api.post<{ token: string }>(`/notebooks/${id}/publish`, {});
  const page = await stranger.newPage();
  await stubPrint(page);
  await page.goto(`/d/${token}`);
  await expect(page.getByRole('region', { name: 'Rows of it' }).first()).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('link', { name: 'Download as PDF' })).toBeHidden();
  const last = page.getByRole('region', { name: 'Rows of it' }).getByRole('row').last();
  const inTile = await last.evaluate((row) => {
    const tile = row.closest('.tile')?.getBoundingClientRect();
    return tile !== undefined && row.getBoundingClientRect().bottom <= tile.bottom + 1;
  });
  expect(inTile).toBe(true);
});
