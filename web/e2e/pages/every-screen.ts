import { expect } from '@playwright/test';

import type { Api } from '../api.ts';

/** A transform, a model and a forecast, each with its form and its report. */
const depthOf = (mark: string) => `
\`\`\`sql screen_loans_${mark}
select i as loan_id, (1000 + (i * 7919) % 9000)::integer as income, (18 + (i * 104729) % 50)::integer as age,
  (i * 7919) % 9000 + 100 * ((i * 104729) % 50) < 5000 as defaulted
from range(600) t(i)
\`\`\`

\`\`\`transform screen_adults_${mark}
from: screen_loans_${mark}
steps:
  - filter: age >= 21
  - rename: { income: income_brl }
\`\`\`

\`\`\`model screen_risk_${mark}
task: classification
from: screen_adults_${mark}
target: defaulted
algorithm: random_forest
\`\`\`
`;

export interface EveryScreen {
  /** Name to path, for a member. */
  readonly inside: Readonly<Record<string, string>>;
  /** Of these, those that anybody may see. */
  readonly outside: Readonly<Record<string, string>>;
}

/** Fills the workspace so that no screen is empty, and says where each one is; each time under names of its own. */
export async function everyScreen(api: Api): Promise<EveryScreen> {
  const mark = Date.now().toString(36);
  const { id, runId } = await api.example();
  const { url } = await api.post<{ url: string }>(`/notebooks/${id}/publish`);
  const empty = await api.createNotebook('Empty');
  const deep = await api.importNotebook('Depth', depthOf(mark));
  expect((await api.run(deep)).state).toBe('succeeded');
  await api.request.put(`/api/v1/notebooks/${deep}/schedule`, {
    data: { schedule: { cron: '0 6 * * *', timezone: 'America/Sao_Paulo' } },
  });
  const asked = await api.query(
    `select income + 3000 as income_brl, age from silver.screen_loans_${mark} where age >= 21`,
  );
  await api.post(`/models/screen_risk_${mark}/predict`, { rows: asked });
  return {
    inside: {
      home: '/',
      notebooks: '/notebooks',
      notebook: `/notebooks/${id}`,
      'notebook-depth': `/notebooks/${deep}`,
      pipelines: '/pipelines',
      pipeline: `/pipelines/${deep}`,
      streams: '/streams',
      sources: '/sources',
      star: '/tables/star',
      alerts: '/alerts',
      models: '/models',
      model: `/models/screen_risk_${mark}`,
      'notebook-empty': `/notebooks/${empty}`,
      'dashboard-editor': `/notebooks/${id}/dashboard`,
      tables: '/tables',
      table: '/tables/gold/fact_sales',
      sql: '/sql',
      runs: '/runs',
      run: `/runs/${runId}`,
      dashboards: '/dashboards',
      settings: '/settings',
    },
    outside: { login: '/login', dashboard: url, gone: '/d/no-such-link' },
  };
}
