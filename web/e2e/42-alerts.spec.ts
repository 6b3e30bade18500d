import { expect, test } from './fixtures.ts';

const failing = (name: string) => `
\`\`\`sql ${name}
select error('the till is closed') as a
\`\`\`
`;

test.describe('alerts', () => {
  test('a rule about a notebook fires when its run fails, is acknowledged and silenced', async ({ page, api }) => {
    const id = await api.importNotebook('Till', failing('till'));
    await page.goto('/alerts');
    await page.getByRole('tab', { name: 'Rules' }).click();
    await page.getByRole('button', { name: 'Add a rule' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a rule' });
    await dialog.getByLabel('Name').fill('The till');
    await dialog.getByLabel('Notebook').selectOption({ label: 'Till' });
    await dialog.getByLabel('Severity').selectOption('critical');
    await dialog.getByRole('button', { name: 'Add a rule' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('main').getByText('quiet')).toBeVisible();

    expect((await api.run(id)).state).toBe('failed');
    await page.getByRole('tab', { name: /^Firing/ }).click();
    const incident = page.getByRole('article').filter({ hasText: 'Till' });
    await expect(incident).toContainText('critical', { timeout: 30_000 });
    await incident.getByRole('button', { name: /^Acknowledge/ }).click();
    await expect(incident.getByText('acknowledged by Ana Souza')).toBeVisible();
    await incident.getByRole('button', { name: /^Silence/ }).click();
    await expect(incident.getByText('silenced', { exact: true })).toBeVisible();
    await page.getByRole('tab', { name: 'Silences' }).click();
    await expect(page.getByRole('button', { name: 'End' })).toBeVisible();

    const rules = await api.get<{ state: string }[]>('/alert-rules');
    expect(rules.map((rule) => rule.state)).toContain('firing');
    await page.getByRole('tab', { name: 'Rules' }).click();
    await page.getByRole('button', { name: 'Remove The till' }).click();
    await expect(page.getByText('No rules yet')).toBeVisible();
  });
});
