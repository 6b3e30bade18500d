import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const cells = (p: string) => `
# Headed

\`\`\`input ${p}_min
type: number
label: Minimum
default: 0
\`\`\`

\`\`\`sql ${p}_one
select range as n from range(10) where range >= $${p}_min
\`\`\`

\`\`\`chart ${p}_chart
from: ${p}_one
type: bar
x: n
y: { column: n, aggregate: sum }
\`\`\`
`;

/** Controls in sight that a screen reader could not name. */
function nameless(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const nameOf = (element: Element): string => {
      const labelled = (element.getAttribute('aria-labelledby') ?? '')
        .split(/\s+/)
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(' ');
      const labels =
        element instanceof HTMLInputElement ||
        element instanceof HTMLSelectElement ||
        element instanceof HTMLTextAreaElement
          ? [...(element.labels ?? [])].map((label) => label.textContent ?? '').join(' ')
          : '';
      const inside = [...element.querySelectorAll('img[alt], [aria-label], title')]
        .map((child) => child.getAttribute('alt') ?? child.getAttribute('aria-label') ?? child.textContent ?? '')
        .join(' ');
      const own = element.matches('input, select, textarea') ? '' : (element.textContent ?? '');
      return [
        labelled,
        element.getAttribute('aria-label') ?? '',
        labels,
        own,
        inside,
        element.getAttribute('title') ?? '',
      ]
        .join(' ')
        .trim();
    };
    const controls =
      'button, a[href], input:not([type=hidden]), select, textarea, summary, [role=button], [role=textbox], [role=img], [role=grid]';
    return [...document.querySelectorAll(controls)]
      .filter(
        (element) => element.getClientRects().length > 0 && element.closest('[aria-hidden=true], [inert]') === null,
      )
      .filter((element) => nameOf(element) === '')
      .map((element) => element.outerHTML.slice(0, 160));
  });
}

test.describe('by keyboard alone', () => {
  test('a palette goes everywhere and does everything', async ({ page, api }) => {
    const id = await api.importNotebook('Found by palette', cells('pa'));
    await page.goto('/');
    await expect(page.getByRole('navigation', { name: 'Rooms' })).toBeVisible();
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Find or run' });
    await expect(palette).toBeVisible();
    await page.keyboard.type('Found by pal');
    await expect(palette.getByRole('option', { name: /Found by palette/ })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(id));
    const notebook = new NotebookPage(page);
    await expect(notebook.cell('pa_one')).toBeVisible();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('pa_chart');
    await page.keyboard.press('Enter');
    await expect(palette).toBeHidden();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('zzzz');
    await expect(palette).toContainText('Nothing matches.');
    await page.keyboard.press('Escape');
    await expect(palette).toBeHidden();
  });

  test('a notebook is read, written, run and arranged without a mouse', async ({ page, api }) => {
    const id = await api.importNotebook('No mouse', cells('nm'));
    const notebook = new NotebookPage(page);
    await notebook.open(id);
    await page.keyboard.press('Shift+?');
    const keys = page.getByRole('dialog', { name: 'Keys' });
    await expect(keys).toContainText('Move the cell to the bin');
    await page.keyboard.press('Escape');
    await expect(keys).toBeHidden();

    for (let at = 0; at < 3; at += 1) await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await expect(notebook.editor('nm_one')).toBeFocused();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(' and range < 7');
    await page.keyboard.press('Control+Enter');
    await notebook.expectState('nm_one', 'Fresh', 30_000);
    await page.keyboard.press('Escape');
    await expect(notebook.editor('nm_one')).not.toBeFocused();
    await page.keyboard.press('s');
    await expect(notebook.editor('query')).toBeFocused();
    await page.keyboard.insertText('select 5 as five');
    await expect(async () => {
      await page.keyboard.press('Escape');
      await expect(notebook.editor('query')).not.toBeFocused({ timeout: 500 });
    }).toPass();
    await page.keyboard.press('F2');
    await page.keyboard.type('nm_five');
    await page.keyboard.press('Enter');
    await expect(notebook.cell('nm_five')).toBeVisible();
    await page.keyboard.press('g');
    await expect(page.getByRole('radio', { name: 'Graph' })).toBeChecked();
    await page.keyboard.press('g');
    await page.keyboard.press('Control+Shift+R');
    await notebook.expectState('nm_five', 'Fresh', 30_000);
    expect(await api.query('select count(*)::int as n from silver.nm_one')).toEqual([{ n: 7 }]);
    await page.keyboard.press('d');
    await page.keyboard.press('d');
    await expect(notebook.cell('nm_five')).toBeHidden();
    await page.keyboard.press('z');
    await expect(notebook.cell('nm_five')).toBeVisible();
  });

  test('every control of every room has a name, and the focus is seen', async ({ page, api }) => {
    const id = await api.importNotebook('Named', cells('na'));
    await api.run(id);
    const { url } = await api.post<{ url: string }>(`/notebooks/${id}/publish`);
    const rooms = [
      '/',
      '/notebooks',
      `/notebooks/${id}`,
      `/notebooks/${id}/dashboard`,
      '/tables',
      '/tables/silver/na_one',
      '/sql',
      '/runs',
      '/dashboards',
      '/settings',
      url,
    ];
    const found: Record<string, string[]> = {};
    for (const room of rooms) {
      await page.goto(room);
      await expect(page.getByRole('main')).toBeVisible();
      await expect(page.getByRole('main')).not.toHaveText('');
      const without = await nameless(page);
      if (without.length > 0) found[room] = without;
    }
    expect(found).toEqual({});
    await page.goto('/');
    await expect(page.getByRole('navigation', { name: 'Rooms' })).toBeVisible();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Go to the content' })).toBeFocused();
    await expect(page.getByRole('link', { name: 'Go to the content' })).toBeInViewport();
  });
});
