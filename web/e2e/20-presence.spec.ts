import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

test.slow(); // three browsers

const many = Array.from({ length: 24 }, (_, n) => `\`\`\`sql cell_${n}\nselect ${n} as n\n\`\`\``).join('\n\n');
const text = `${many}\n\n\`\`\`input country\ntype: text\n\`\`\`\n`;

test('three people see where each is, go there and follow, and nobody moves the page of another', async ({
  page,
  api,
  join,
}) => {
  const id = await api.importNotebook('Presence', text);
  const [gil, hana] = [await join('Gil Braga', 'editor'), await join('Hana Sato', 'viewer')];
  const ana = new NotebookPage(page);
  const [gils, hanas] = [new NotebookPage(gil.page), new NotebookPage(hana.page)];
  for (const one of [ana, gils, hanas]) await one.open(id);

  // A cell without text has its outline too, with who is in it, here and in the outline.
  await gils.cell('country').scrollIntoViewIfNeeded();
  await gils.cell('country').getByRole('textbox').first().focus();
  const outline = page.getByRole('navigation').getByRole('button', { name: /country/ });
  await expect(outline.getByRole('img', { name: 'Gil Braga' })).toBeVisible();
  await hanas.cell('cell_2').click();
  await expect(page.getByRole('img', { name: 'Here too: Hana Sato' })).toBeVisible();

  // One click goes there.
  await page
    .getByRole('banner')
    .getByRole('button', { name: /Gil Braga is on country/ })
    .click();
  await expect(ana.cell('country')).toBeInViewport();
  await expect(page.getByRole('img', { name: 'Here too: Gil Braga' })).toBeVisible();

  // While I read the last cells, others write and add above: what I see stays where it is.
  await page.keyboard.press('Escape');
  let seenAt = -1;
  await expect
    .poll(
      async () => {
        const last = seenAt;
        seenAt = (await ana.cell('country').boundingBox())?.y ?? -1;
        return seenAt - last;
      },
      { intervals: [400] },
    )
    .toBe(0);
  await gils.edit('cell_1');
  await gil.page.keyboard.insertText('\n-- one\n-- two\n-- three\n-- four');
  await gil.page.keyboard.press('Escape');
  await gil.page.keyboard.press('s');
  await expect(page.getByRole('navigation').getByRole('button', { name: /query/ })).toBeVisible();
  await expect.poll(async () => Math.abs(((await ana.cell('country').boundingBox())?.y ?? 0) - seenAt)).toBeLessThan(4);

  // Following moves my page with theirs until I scroll.
  await page
    .getByRole('banner')
    .getByRole('button', { name: /Gil Braga/ })
    .dblclick();
  await expect(page.getByText('Following Gil Braga')).toBeVisible();
  await gils.cell('cell_20').click();
  await gil.page.mouse.wheel(0, 400);
  await expect(ana.cell('cell_20')).toBeInViewport();
  await page.mouse.move(700, 500);
  await page.mouse.wheel(0, -200);
  await expect(page.getByText('Following Gil Braga')).toHaveCount(0);
  await gils.cell('cell_3').scrollIntoViewIfNeeded();
  await gils.cell('cell_3').click();
  await expect(
    page
      .getByRole('navigation')
      .getByRole('button', { name: / cell_3 / })
      .getByRole('img', { name: 'Gil Braga' }),
  ).toBeVisible();
  await expect(ana.cell('cell_3')).not.toBeInViewport();
});

test('the name at a caret goes once its person rests, and is back with a movement or under the pointer', async ({
  page,
  api,
  join,
}) => {
  const id = await api.importNotebook('Flags', '```sql flags\nselect 1 as a,\n  2 as b,\n  3 as c\n```');
  const ana = new NotebookPage(page);
  await ana.open(id);
  const guest = await join('Bruno Reis', 'editor');
  const bruno = new NotebookPage(guest.page);
  await bruno.open(id);
  await bruno.edit('flags');
  const caret = ana.editor('flags').locator('.cm-ySelectionCaret');
  const flag = caret.getByText('Bruno Reis');
  await guest.page.keyboard.type(', 4');
  await expect(flag).toHaveCSS('opacity', '1');
  await expect(flag).toHaveCSS('opacity', '0');
  await expect(caret).toBeVisible();

  await guest.page.keyboard.press('ArrowLeft');
  await expect(flag).toHaveCSS('opacity', '1');
  await expect(flag).toHaveCSS('opacity', '0');
  await ana.cell('flags').hover({ position: { x: 4, y: 4 } });
  const box = await caret.boundingBox();
  if (!box) throw new Error('no caret is drawn');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(flag).toHaveCSS('opacity', '1');
});
