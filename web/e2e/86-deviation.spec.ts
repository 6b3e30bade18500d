/** A number that leaves the band of its forecast is told, and is over when it is back. */
import { expect, test } from './fixtures.ts';

const cells = `
\`\`\`source dv_days
type: webhook
key: day
columns: { day: date, sold: double }
\`\`\`

\`\`\`model dv_ahead
task: forecast
from: dv_days
time_column: day
target: sold
horizon: 7
\`\`\`
`;

const day = (at: number, sold = 1000 + (at % 7 >= 5 ? 380 : 0) + ((at * 37) % 11) * 9.123456) => ({
  day: new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10),
  sold,
});

test('actuals outside of the band of a forecast fire a rule in words of the reader, and it is over when they are within', async ({
  page,
  api,
  join,
}) => {
  const id = await api.importNotebook('Takings', cells);
  const come = async (days: object[]) => {
    await api.post('/streams/dv_days/events', days);
    expect((await api.run(id)).state).toBe('succeeded');
  };
  await come(Array.from({ length: 70 }, (_, at) => day(at)));

  await page.goto('/alerts');
  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a rule' });
  await dialog.getByLabel('Name').fill('Takings are odd');
  await dialog.getByLabel('What it looks at').selectOption({ label: 'A number leaves its forecast' });
  await dialog.getByLabel('Forecast').selectOption('dv_ahead');
  await dialog.getByLabel('Usual in percent').fill('99.9');
  await dialog.getByRole('button', { name: 'Add a rule' }).click();
  await expect(dialog).toBeHidden();
  const rule = async () => {
    const rules = await api.get<{ id: string; name: string; state: string; lookedAt: string | null }[]>('/alert-rules');
    return rules.find(({ name }) => name === 'Takings are odd');
  };
  await expect.poll(async () => (await rule())?.lookedAt ?? null).not.toBeNull();
  expect((await rule())?.state).toBe('quiet');

  await come([day(70, 4321.98765)]);
  await page.getByRole('tab', { name: /^Firing/ }).click();
  const said = /sold of 2026-03-12 is 4,322, above what was forecast: [\d,]+ to [\d,]+(?!\.)/;
  await expect(page.getByRole('article').filter({ hasText: 'Takings are odd' })).toContainText(said);
  const reader = await join('Paula', 'viewer');
  await reader.api.request.patch('/api/v1/me', { data: { locale: 'pt-BR' } });
  await reader.page.goto('/alerts');
  await expect(reader.page.getByRole('article').filter({ hasText: 'Takings are odd' })).toContainText(
    /sold de 2026-03-12 é 4\.322, acima do que foi previsto: [\d.]+ a [\d.]+/,
  );

  await come([day(71)]);
  await expect.poll(async () => (await rule())?.state).toBe('quiet');
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByRole('article').filter({ hasText: 'Takings are odd' })).toBeVisible();
  await api.request.delete(`/api/v1/alert-rules/${(await rule())?.id}`);
});
