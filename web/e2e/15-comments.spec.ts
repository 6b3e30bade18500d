import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const text = `
\`\`\`sql talked
select 1 as amount
\`\`\`

\`\`\`chart talked_chart
from: talked
type: table
\`\`\`
`;

test('a thread on a text stays on it, names a person, is answered, resolved, and orphaned with its quote', async ({
  page,
  api,
  join,
}) => {
  test.slow();
  const id = await api.importNotebook('Talk', text);
  const guest = await join('Clara Nunes', 'commenter');
  const clara = new NotebookPage(guest.page);
  const ana = new NotebookPage(page);
  await ana.open(id);
  await clara.open(id);

  await clara.editor('talked').getByText('amount').dblclick();
  await guest.page.keyboard.press('Control+Alt+m');
  const draft = clara.panel.getByRole('combobox', { name: 'New comment on talked' });
  await expect(draft).toBeFocused();
  await guest.page.keyboard.type('In which currency? @ana', { delay: 10 });
  await expect(clara.panel.getByRole('option', { name: 'Ana Souza' })).toBeVisible();
  await guest.page.keyboard.press('Enter');
  await guest.page.keyboard.press('Control+Enter');
  await expect(clara.panel.getByRole('article', { name: 'Thread on talked' })).toContainText(
    'In which currency? @Ana Souza',
  );

  // Live to the other, with an unread mark and a notification.
  await expect(ana.editor('talked').locator('.cm-commented')).toHaveText('amount');
  await expect(ana.cell('talked').getByRole('button', { name: '1 open thread, unread' })).toBeVisible();
  await page
    .getByRole('banner')
    .getByRole('button', { name: /Notifications, \d+ unread/ })
    .click();
  await page
    .getByRole('link', { name: /Clara Nunes named you in Talk/ })
    .and(page.locator(`[href*="${id}"]`))
    .click();
  const thread = ana.panel.getByRole('article', { name: 'Thread on talked' });
  await expect(thread).toHaveAttribute('aria-current', 'true');
  await expect(thread.getByText('amount', { exact: true })).toBeVisible();
  await expect(ana.cell('talked').getByRole('button', { name: '1 open thread', exact: true })).toBeVisible();

  await thread.getByRole('combobox', { name: 'Reply' }).fill('In reais.');
  await page.keyboard.press('Control+Enter');
  await expect(clara.panel.getByText('In reais.')).toBeVisible();

  // Edits before and inside it: the mark follows.
  await ana.edit('talked');
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('-- first\n');
  await expect(clara.editor('talked').locator('.cm-commented')).toHaveText('amount');

  await clara.panel.getByRole('article', { name: 'Thread on talked' }).getByRole('button', { name: 'Resolve' }).click();
  await expect(ana.editor('talked').locator('.cm-commented')).toHaveCount(0);
  await ana.panel
    .getByRole('radio', { name: 'Resolved' })
    .or(ana.panel.getByRole('button', { name: 'Resolved' }))
    .first()
    .click();
  await expect(ana.panel.getByText('Resolved by Clara Nunes')).toBeVisible();
  await thread.getByRole('button', { name: 'Open again' }).click();
  await expect(clara.editor('talked').locator('.cm-commented')).toHaveText('amount');

  await ana.write('talked', 'select 2 as total');
  await expect(clara.panel.getByRole('heading', { name: 'Orphaned' })).toBeVisible();
  await expect(clara.panel.getByRole('article', { name: 'Thread on talked' })).toContainText('amount');
});

test('cells and tiles are commented with the keyboard alone; a viewer reads and does not write', async ({
  page,
  api,
  join,
}) => {
  const id = await api.importNotebook('Tiles talk', text);
  const ana = new NotebookPage(page);
  await ana.open(id);
  await page.keyboard.press('j');
  await page.keyboard.press('Control+Alt+m');
  await page.keyboard.type('whole cell');
  await page.keyboard.press('Control+Enter');
  await expect(ana.cell('talked').getByRole('button', { name: '1 open thread', exact: true })).toBeVisible();

  await page.goto(`/notebooks/${id}/dashboard`);
  await page.getByRole('group', { name: /^Talked chart/ }).focus();
  const panel = page.getByRole('complementary', { name: 'Context' });
  await panel.getByRole('button', { name: 'Comment', exact: true }).press('Enter');
  await page.keyboard.type('too small');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('main').getByRole('button', { name: '1 open thread', exact: true })).toBeVisible();

  const guest = await join('Vera Lima', 'viewer');
  const vera = new NotebookPage(guest.page);
  await vera.open(id);
  await guest.page.keyboard.press(']');
  const thread = vera.panel.getByRole('article', { name: 'Thread on talked', exact: true });
  await expect(thread).toContainText('whole cell');
  await expect(vera.panel.getByRole('article', { name: 'Thread on talked_chart, tile' })).toContainText('too small');
  await expect(vera.panel.getByRole('combobox')).toHaveCount(0);
  await expect(vera.panel.getByRole('button', { name: 'Resolve' })).toHaveCount(0);
});

test('a thread leads to its words, which are far down in a long cell', async ({ page, api }) => {
  const columns = Array.from({ length: 120 }, (_, at) => `  ${at} as column_${at}`).join(',\n');
  const id = await api.importNotebook('Long talk', `\n\`\`\`sql long\nselect\n${columns}\n\`\`\`\n`);
  const ana = new NotebookPage(page);
  await ana.open(id);
  await ana.edit('long');
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Control+Shift+ArrowLeft');
  await page.keyboard.press('Control+Alt+m');
  await page.keyboard.type('why so many?');
  await page.keyboard.press('Control+Enter');
  const thread = ana.panel.getByRole('article', { name: 'Thread on long' });
  await expect(thread).toContainText('column_119');

  await ana.edit('long');
  await page.keyboard.press('Control+Home');
  await expect(ana.editor('long').locator('.cm-line', { hasText: 'column_0,' })).toBeInViewport();
  await expect(ana.editor('long').locator('.cm-commented')).not.toBeInViewport();
  await thread.getByRole('button', { name: 'long', exact: true }).click();
  await expect(ana.editor('long').locator('.cm-commented')).toBeInViewport();
});
