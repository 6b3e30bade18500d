import { expect, test } from './fixtures.ts';

const visits = `
\`\`\`source e2e_window_visits
type: webhook
watermark: { column: t, delay: 5 seconds }
columns: { visitor: varchar, t: timestamp }
\`\`\`

\`\`\`sql e2e_window_sessions
select 1 as nothing
\`\`\`
`;

test('a session window is written from the picker, and its cell follows the stream', async ({ page, api }) => {
  test.slow();
  const id = await api.importNotebook('Windows picked', visits);
  await page.goto(`/notebooks/${id}`);
  const cell = page.getByRole('region', { name: /^sql e2e_window_sessions,/ });
  await cell.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Window over time' }).click();
  const dialog = page.getByRole('dialog', { name: 'Window over time' });
  await dialog.getByLabel('Window', { exact: true }).selectOption('session');
  await expect(dialog.getByLabel('Event time')).toHaveValue('t');
  await dialog.getByLabel('For each').fill('visitor');
  await dialog.getByLabel('Pause').fill('ten');
  await expect(dialog.getByText('A number and a unit: 10 minutes')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Write into the cell' })).toBeDisabled();
  await dialog.getByLabel('Pause').fill('30 minutes');
  await expect(dialog.getByText('The cell becomes streaming')).toBeVisible();
  await dialog.getByRole('button', { name: 'Write into the cell' }).click();
  await expect(cell.getByText('streaming', { exact: true })).toBeVisible();
  await expect(cell).toContainText("t - lag(t) over (partition by visitor order by t) > interval '30 minutes'");

  const { id: stream } = await api.post<{ id: string }>(`/notebooks/${id}/streams`, {
    cell: 'e2e_window_visits',
    commitMs: 250,
  });
  const at = (visitor: string, time: string) => ({ visitor, t: `2026-01-01T${time}:00` });
  await api.post('/streams/e2e_window_visits/events', [
    at('a', '10:00'),
    at('a', '10:20'),
    at('a', '11:00'),
    at('b', '10:05'),
  ]);
  const sessions = () =>
    api
      .query('select visitor, events::int as n from silver.e2e_window_sessions order by visitor, session_start')
      .catch(() => null);
  await expect.poll(sessions, { timeout: 60_000 }).toEqual([
    { visitor: 'a', n: 2 },
    { visitor: 'a', n: 1 },
    { visitor: 'b', n: 1 },
  ]);
  await api.post(`/streams/${stream}/pause`);
});

test('certificates of a Kafka connection are asked for where it is encrypted, and what is none is said', async ({
  page,
}) => {
  await page.goto('/sources');
  await page.getByRole('button', { name: 'New connection' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New connection' });
  await dialog.getByLabel('Name', { exact: true }).fill('e2e_guarded');
  await dialog.getByLabel('Type').selectOption('kafka');
  await dialog.getByLabel('Brokers').fill('localhost:9093');
  await expect(dialog.getByLabel('CA certificate')).toBeHidden();
  await dialog.getByLabel('Encryption').selectOption('tls');
  await dialog.getByLabel('CA certificate').fill('-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText(/ca: this is no certificate in PEM/i)).toBeVisible();
});
