/** A sink to a topic made in one step from a cell's menu, in a real browser, and what a live stream then sends there. */
import { expect as see } from '@playwright/test';
import { expect, it } from 'vitest';
import { untilSeen } from '../../server/src/testing/stream-runner.ts';
import { useServices } from './for-tests.ts';
import { useSeenServer } from './testing/seen.ts';
import { committedOf, withAdmin } from './testing/topic.ts';

const { live, pageOf } = useSeenServer(useServices('kafka'));
const text = `---
datacraft: 1
title: Sent on
---

\`\`\`source asked
type: webhook
columns: { id: integer, price: 'decimal(9,2)' }
\`\`\`

\`\`\`sql doubled
---
layer: gold
---
select id, price * 2 as price from asked
\`\`\`
`;
const push = (id: number) => live.call('POST', '/streams/asked/events', [{ id, price: '1.50' }]);
const held = () => committedOf(live.kafka(), 'doubled').catch(() => []);

it('a cell goes to a topic with its schema registered; the live stream takes it over and each row is there once', async () => {
  // A broker that was used before may have it.
  await withAdmin(live.kafka(), (admin) => admin.deleteTopics({ topics: ['doubled'] }).catch(() => undefined));
  const config = { brokers: live.brokers };
  await live.call('PUT', '/connections/broker', { type: 'kafka', config, description: '', tags: [] });
  const { json } = await live.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  await live.call('POST', `/notebooks/${json.id}/streams`, { cell: 'asked', commitMs: 250 });
  await push(1);
  await untilSeen(() => live.rows('select count(*)::int from gold.doubled'), [[1]]);

  const page = await pageOf('owner');
  await page.goto(`${live.test.origin}/notebooks/${json.id}`);
  const cell = page.getByRole('region', { name: /^sql doubled,/ });
  await cell.getByRole('button', { name: 'More' }).click({ timeout: 60_000 });
  await page.getByRole('menuitem', { name: 'Send to Kafka…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send doubled to Kafka' });
  await see(dialog.getByText('It is made with the first message.')).toBeVisible({ timeout: 30_000 });
  await dialog.getByLabel('Key of the messages').selectOption('id');
  await dialog.getByLabel('Written as').selectOption('json_schema');
  await dialog.getByText('Schema of doubled-value').click({ timeout: 30_000 });
  await see(dialog.locator('pre')).toContainText('"price"');
  await dialog.getByRole('button', { name: 'Send to Kafka' }).click();
  await see(dialog).toBeHidden({ timeout: 30_000 });
  const source = page.getByRole('region', { name: /^source asked,/ });
  await source.getByRole('button', { name: 'Take changes over' }).click({ timeout: 60_000 });
  await see(source.getByRole('button', { name: 'Take changes over' })).toBeHidden();

  await push(2);
  await untilSeen(async () => (await held()).length, 2);
  const { json: versions } = await live.call('GET', '/registry/subjects/doubled-value/versions/latest');
  expect(versions).toMatchObject({ schemaType: 'JSON', subject: 'doubled-value' });
  const messages = (await held()).map(({ key, value }) => [
    key?.toString(),
    value?.readUInt8(0),
    value?.readUInt32BE(1),
    value?.subarray(5).toString(),
  ]);
  expect(messages.toSorted()).toEqual([
    ['1', 0, versions.id, '{"id":1,"price":3.00}'],
    ['2', 0, versions.id, '{"id":2,"price":3.00}'],
  ]);

  const back = await live.goLive('back', ['connection: broker'], '', 'topic: doubled');
  await untilSeen(
    () => live.rows('select id::int, price::int from bronze.back order by id'),
    [
      [1, 3],
      [2, 3],
    ],
  );
  await live.call('POST', `/streams/${back.stream}/pause`);
}, 300_000);
