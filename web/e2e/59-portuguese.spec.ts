import { mkdirSync } from 'node:fs';
import { join as pathOf } from 'node:path';
import { expect, test } from './fixtures.ts';

const shots = pathOf(import.meta.dirname, '..', '..', 'shots');
const PHONE = { width: 360, height: 740 };

const broken = `
\`\`\`sql pedidos
select 1 as id
\`\`\`

\`\`\`sql resumo
select * from pedido
\`\`\`

\`\`\`source arquivo
type: csv
path: ./nao_existe.csv
\`\`\`
`;

test('who reads Portuguese reads what the server says whole, with the names as they are', async ({ join }) => {
  const { page, api } = await join('Paula', 'editor');
  await api.request.patch('/api/v1/me', { data: { locale: 'pt-BR' } });
  const id = await api.importNotebook('Erros', broken);
  await page.goto(`/notebooks/${id}`);
  await expect(page.getByText(/Nenhuma célula se chama `pedido`; .* quis dizer `pedidos`\?/i).first()).toBeVisible();
  await expect(page.getByText('no cell is called')).toHaveCount(0);
  const run = await api.run(id, { select: ['arquivo'] });
  expect(run.state).toBe('failed');
  await page.goto(`/runs/${run.runId}`);
  await expect(page.getByText(/nao_existe\.csv não existe; ponha o arquivo ao lado do caderno/).first()).toBeVisible();
});

const few = `
\`\`\`sql poucas
---
expect:
  - row_count: { min: 3 }
---
select 1 as id
\`\`\`
`;

test('a check that fails, and the alert about it, are read in Portuguese', async ({ join, api: owner }) => {
  const { page, api } = await join('Petra', 'editor');
  await api.request.patch('/api/v1/me', { data: { locale: 'pt-BR' } });
  const id = await owner.importNotebook('Poucas', few);
  await owner.post('/alert-rules', {
    name: 'linhas',
    kind: 'check',
    config: { table: 'silver.poucas' },
    everySeconds: 1,
  });
  const run = await owner.run(id);
  await page.goto(`/runs/${run.runId}`);
  await expect(page.getByText(/Nada foi publicado, a última tabela boa fica: row_count 3/).first()).toBeVisible();
  await page.goto('/alerts');
  const incident = page.getByRole('article').filter({ hasText: 'Testes de silver.poucas falham' });
  await expect(incident).toContainText('silver.poucas: row_count 3.. falhou', { timeout: 30_000 });
  await expect(page.getByText('Checks of')).toHaveCount(0);
});

test('every room fits a small phone in Portuguese, light and dark', async ({ join, api: owner }) => {
  test.setTimeout(300_000);
  mkdirSync(shots, { recursive: true });
  const { page, api } = await join('Paulo', 'owner');
  await api.request.patch('/api/v1/me', { data: { locale: 'pt-BR' } });
  const { id } = await owner.example();
  const { url } = await owner.post<{ url: string }>(`/notebooks/${id}/publish`);
  const places: Record<string, string> = {
    inicio: '/',
    notebooks: '/notebooks',
    notebook: `/notebooks/${id}`,
    execucoes: '/runs',
    fluxos: '/pipelines',
    streams: '/streams',
    fontes: '/sources',
    tabelas: '/tables',
    estrela: '/tables/star',
    alertas: '/alerts',
    modelos: '/models',
    sql: '/sql',
    paineis: '/dashboards',
    ajustes: '/settings',
    painel: url,
  };
  await page.setViewportSize(PHONE);
  const tooWide: string[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const [name, path] of Object.entries(places)) {
      await page.goto(path);
      await expect(page.getByRole('main')).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', 'pt-BR');
      await page.screenshot({ path: pathOf(shots, `pt-${name}-${scheme}.png`), animations: 'disabled' });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (over > 0) tooWide.push(`${name}, ${scheme}: ${over} px too wide`);
    }
  }
  expect(tooWide).toEqual([]);
});
