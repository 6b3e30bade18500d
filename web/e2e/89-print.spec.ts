import type { Page } from '@playwright/test';
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
async function stubPrint(page: Page): Promise<void> {
  await page.addInitScript(() => {
    localStorage.setItem('theme', 'dark');
    window.print = () => document.documentElement.setAttribute('data-printed', 'yes');
  });
}
/** Between the margins. */
const A4_PX = 703;
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

const wide = Array.from(
  { length: 15 },
  (_, n) => `1000.25 + n * ${n} as revenue_${n}, 'delivered reddish box' as state_${n}`,
);
const tables = [
  "```sql narrow_89\nselect 1582.52 as revenue, date '2026-11-30' as day\n```",
  `\`\`\`sql wide_89\nselect n as order_id, ${wide.join(', ')} from range(3) t(n)\n\`\`\``,
  '```chart table_89\nfrom: wide_89\ntype: table\ntitle: Wide\n```',
].join('\n\n');

/** Words and numbers that stand on two lines, and cells that are cut. */
function brokenOn(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('#content td')].flatMap((cell) => {
      const text = cell.firstChild;
      if (!(text instanceof Text)) return [];
      const broken = [...text.data.matchAll(/\S+/g)].filter(({ 0: word, index }) => {
        const range = new Range();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1;
      });
      return [...broken.map(([word]) => word), ...(cell.scrollWidth > cell.clientWidth ? [text.data] : [])];
    }),
  );
}

test('a table that is wider than the sheet is printed in parts that say which columns they hold, no word broken', async ({
  page,
  api,
  stranger,
}) => {
  const id = await api.importNotebook('Print wide', tables);
  await api.run(id);
  await stubPrint(page);
  await page.goto(`/notebooks/${id}`);
  await page.getByRole('grid', { name: 'wide_89' }).waitFor();
  await page.keyboard.press('ControlOrMeta+p');
  await expect(page.locator('html')).toHaveAttribute('data-printed', 'yes', { timeout: 45_000 });
  const { token } = await api.post<{ token: string }>(`/notebooks/${id}/publish`, {});
  const dashboard = await stranger.newPage();
  await dashboard.goto(`/d/${token}`);
  await expect(dashboard.getByRole('region', { name: 'Wide' }).first()).toBeVisible();
  for (const one of [page, dashboard]) {
    await one.setViewportSize({ width: A4_PX, height: 1_000 });
    await one.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await one.emulateMedia({ media: 'print' });
    await expect(one.getByText(/^columns 1–\d+ of 31$/).first()).toBeVisible();
    const last = one.getByRole('table', { name: /, columns \d+–31 of 31$/ }).first();
    await expect(last.getByRole('columnheader').first()).toHaveText('order_id');
    await expect(last.getByRole('columnheader').last()).toHaveText('state_14');
    expect(await brokenOn(one)).toEqual([]);
    expect(await one.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  }
  await expect(page.getByRole('table', { name: 'narrow_89' })).toHaveCount(1);
});
