import { request } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { NotebookPage } from './pages/notebook.ts';

const one = (name: string) => `
\`\`\`sql ${name}
select 1 as a
\`\`\`
`;

test.describe('accounts', () => {
  test('an owner invites a person, who signs up by the link, once', async ({ page, stranger }) => {
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Invite' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite a person' });
    const email = `convidada.${Date.now()}@example.com`;
    await dialog.getByRole('textbox', { name: 'E-mail' }).fill(email);
    await dialog.getByRole('combobox', { name: 'Role' }).selectOption({ label: 'Editor' });
    await dialog.getByRole('button', { name: 'Invite' }).click();
    const link = await dialog.getByRole('textbox', { name: 'Invitation link' }).inputValue();

    const guest = await stranger.newPage();
    await guest.goto(link);
    await expect(guest.getByRole('heading', { name: 'You are invited' })).toBeVisible();
    await guest.getByRole('textbox', { name: 'Name' }).fill('Carla Dias');
    await expect(guest.getByRole('textbox', { name: 'E-mail' })).toHaveValue(email);
    await expect(guest.getByText('Ana Souza invites you.', { exact: false })).toBeVisible();
    await guest.getByRole('textbox', { name: 'Password' }).fill('mais uma senha');
    await guest.getByRole('button', { name: 'Join' }).click();
    await expect(guest.getByRole('navigation', { name: 'Rooms' }).getByText('Carla Dias')).toBeVisible();

    await dialog.getByRole('button', { name: 'Close' }).first().click();
    await page.reload();
    await expect(page.getByRole('combobox', { name: 'Role: Carla Dias' })).toHaveValue('editor');
    await stranger.clearCookies();
    await guest.goto(link);
    await expect(guest.getByRole('heading', { name: 'This invitation no longer works' })).toBeVisible();
  });

  test('a viewer reads and cannot change; a new role works at once', async ({ page, api, join }) => {
    const id = await api.importNotebook('Read only', one('read_only'));
    const viewer = await join('Vitor Alves', 'viewer');
    const theirs = new NotebookPage(viewer.page);
    await theirs.open(id);
    await expect(viewer.page.getByText('You can read this notebook, not change it')).toBeVisible();
    await expect(theirs.run).toBeHidden();
    await theirs.editor('read_only').click();
    await viewer.page.keyboard.type('-- mine');
    await expect(theirs.editor('read_only')).toHaveText('select 1 as a');
    expect((await viewer.context.request.post(`/api/v1/notebooks/${id}/runs`, { data: {} })).status()).toBe(403);

    await page.goto('/settings');
    await page.getByRole('combobox', { name: 'Role: Vitor Alves' }).selectOption('editor');
    await expect(page.getByText('The role is changed')).toBeVisible();
    await theirs.open(id);
    await theirs.edit('read_only');
    await viewer.page.keyboard.insertText(', 2 as b');
    await expect(theirs.saved).toContainText(/^\s*Saved/);
    expect(await api.exportNotebook(id)).toContain('2 as b');
  });

  test('a role changed on an open notebook is felt there at once', async ({ page, api, join }) => {
    const id = await api.importNotebook('Told of a change', one('told_open'));
    const guest = await join('Otto Lima', 'editor');
    const theirs = new NotebookPage(guest.page);
    await theirs.open(id);
    await page.goto('/settings');
    const role = page.getByRole('combobox', { name: 'Role: Otto Lima' });
    await role.selectOption('viewer');
    await expect(theirs.saved).toHaveText('You can read this notebook, not change it');
    await expect(theirs.run).toBeHidden();
    await theirs.editor('told_open').click();
    await guest.page.keyboard.type('more');
    await expect(theirs.editor('told_open')).not.toContainText('more');
    await role.selectOption('editor');
    await expect(theirs.run).toBeVisible();
    await theirs.edit('told_open');
    await guest.page.keyboard.insertText(', 2 as b');
    await expect.poll(async () => api.exportNotebook(id)).toContain('2 as b');
  });

  test('what was written before a changed role was heard of is not lost in silence', async ({ page, api, join }) => {
    const id = await api.importNotebook('Open while it changes', one('held_open'));
    const guest = await join('Olga Reis', 'editor');
    await guest.page.route(/\/events$/, (route) => route.abort());
    const theirs = new NotebookPage(guest.page);
    await theirs.open(id);
    await theirs.edit('held_open');
    await guest.page.keyboard.insertText(', 2 as b');
    await expect(theirs.saved).toContainText(/^\s*Saved/);

    await page.goto('/settings');
    const role = page.getByRole('combobox', { name: 'Role: Olga Reis' });
    await role.selectOption('viewer');
    await expect(page.getByText('The role is changed')).toBeVisible();
    await guest.page.keyboard.insertText(', 3 as c');
    await expect(guest.page.getByRole('alert').filter({ hasText: 'was not saved' })).toBeVisible();
    await expect(theirs.saved).toHaveText('You can read this notebook, not change it');
    await expect(theirs.run).toBeHidden();
    await guest.page.keyboard.type('more');
    await expect(theirs.editor('held_open')).not.toContainText('more');
    expect(await api.exportNotebook(id)).toContain('2 as b');
    expect(await api.exportNotebook(id)).not.toContain('3 as c');

    const changed = page.waitForResponse((answer) => answer.request().method() === 'PATCH');
    await role.selectOption('editor');
    await changed;
    await guest.page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await expect(theirs.run).toBeVisible();
    await expect.poll(async () => api.exportNotebook(id)).toContain('3 as c');
    await expect(guest.page.getByRole('alert').filter({ hasText: 'was not saved' })).toBeHidden();
  });

  test('a token calls the API until it is revoked', async ({ page, baseURL }) => {
    await page.goto('/settings');
    await page.getByRole('textbox', { name: 'What it is for' }).fill('nightly');
    await page.getByRole('button', { name: 'Create a token' }).click();
    const token = (await page.getByRole('code').last().textContent()) ?? '';
    const script = await request.newContext({
      ...(baseURL === undefined ? {} : { baseURL }),
      extraHTTPHeaders: { authorization: `Bearer ${token}` },
    });
    expect((await script.get('/api/v1/me')).status()).toBe(200);
    await page.getByRole('listitem').filter({ hasText: 'nightly' }).getByRole('button', { name: 'Revoke' }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'nightly' })).toBeHidden();
    expect((await script.get('/api/v1/me')).status()).toBe(401);
    await script.dispose();
  });

  test('logging out ends the session; wrong passwords are slowed down', async ({ join, stranger }) => {
    const guest = await join('Lia Moura', 'viewer');
    await guest.page.goto('/');
    await guest.page.getByRole('button', { name: /Lia Moura/ }).click();
    await guest.page.getByRole('menuitem', { name: 'Log out' }).click();
    await expect(guest.page.getByRole('heading', { name: 'Log in' })).toBeVisible();
    expect((await guest.context.request.get('/api/v1/me')).status()).toBe(401);

    const page = await stranger.newPage();
    await page.goto('/login');
    await page.getByRole('textbox', { name: 'E-mail' }).fill(guest.email);
    await page.getByRole('textbox', { name: 'Password' }).fill('errada errada');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByText('This e-mail and password do not match.', { exact: false })).toBeVisible();
    const statuses: number[] = [];
    for (let at = 0; at < 30 && statuses.at(-1) !== 429; at += 1) {
      const data = { email: guest.email, password: `errada ${at}` };
      statuses.push((await stranger.request.post('/api/v1/auth/login', { data })).status());
    }
    expect(statuses.at(-1)).toBe(429);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByText(/too many|try again in|wait/i)).toBeVisible();
  });

  test('the interface speaks Portuguese and goes dark, and remembers both', async ({ join }) => {
    const { page } = await join('Pedro Nunes', 'editor');
    await page.goto('/settings');
    await page.getByRole('radio', { name: 'Português' }).click();
    await expect(page.getByRole('link', { name: 'Cadernos' }).first()).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'pt-BR');
    const lightness = () =>
      page.evaluate(() => Number(/\d+/.exec(getComputedStyle(document.body).backgroundColor)?.[0] ?? 0));
    await page.getByRole('radio', { name: 'Claro' }).click();
    await expect.poll(lightness).toBeGreaterThan(200);
    await page.getByRole('radio', { name: 'Escuro' }).click();
    await expect.poll(lightness).toBeLessThan(60);
    await page.reload();
    await expect(page.getByRole('link', { name: 'Cadernos' }).first()).toBeVisible();
    await expect.poll(lightness).toBeLessThan(60);
  });
});
