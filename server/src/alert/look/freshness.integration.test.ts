import { expect, it } from 'vitest';
import { useAlerts } from '../../testing/alerting.ts';

const { imported, ran, rule, incidentOf } = useAlerts();

const header =
  '---\nmaterialize: incremental\ntime_column: at\ninterval: year\nstart: 2024-01-01\nallow_partials: true\n---\n';

it('a table is as old as the last look at its partial interval, not as the end of that, which is to come', async () => {
  const text = `\`\`\`sql begun\n${header}select timestamp '2024-06-01' as at\n\`\`\`\n`;
  expect((await ran(await imported('Begun', text))).state).toBe('succeeded');
  const config = { table: 'silver.begun', max_age: '1 second' };
  const late = await rule({ name: 'begun', kind: 'freshness', config, channels: [] });
  const { alerts } = await incidentOf(late);
  expect(alerts[0]?.facts).toMatchObject({ table: 'silver.begun' });
});
