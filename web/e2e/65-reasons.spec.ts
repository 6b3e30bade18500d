import { expect, test } from './fixtures.ts';

const source = `
\`\`\`source e2e_motivos
type: webhook
columns: { id: integer, total: integer }
rejects: table
\`\`\`

\`\`\`source e2e_arquivo
type: csv
path: PATH
columns: { valor: integer }
\`\`\`
`;

test('why a message was not read, and what a file looks like, is read in Portuguese', async ({ join, api: owner }) => {
  const { page, api } = await join('Rosa', 'editor');
  await api.request.patch('/api/v1/me', { data: { locale: 'pt-BR' } });
  const path = await owner.upload('valores.csv', 'valor;dia\n12;01/02/2026\noito;03/04/2026\n9;05/06/2026\n');
  const id = await owner.importNotebook('Motivos', source.replace('PATH', path));
  const { id: stream } = await owner.post<{ id: string }>(`/notebooks/${id}/streams`, {
    cell: 'e2e_motivos',
    commitMs: 250,
  });
  await owner.post('/streams/e2e_motivos/events', [
    { id: 1, total: 'doze' },
    { id: 2, total: 7 },
  ]);
  const words = 'total: não foi possível converter doze em integer';
  await page.goto(`/streams/${stream}`);
  await page
    .getByRole('list', { name: 'Mensagens mortas' })
    .getByRole('button', { name: words })
    .click({ timeout: 45_000 });
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText(words);
  await expect(page.getByText('could not convert')).toHaveCount(0);
  await owner.post(`/streams/${stream}/pause`);

  await page.goto(`/notebooks/${id}`);
  const file = page.getByRole('region', { name: /e2e_arquivo/ });
  await expect(file.getByText(/há linhas recusadas, a primeira em valores\.csv, linha 3/i).first()).toBeVisible();
  await expect(file.getByText(/as datas podem ter o dia ou o mês primeiro/i).first()).toBeVisible();
});
