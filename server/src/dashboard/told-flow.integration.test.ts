import type { DashboardEvent } from '@datacraft/shared';
import { expect, it } from 'vitest';
import { until, useAlerts } from '../testing/alerting.ts';

const world = useAlerts();

const shown = `
\`\`\`source told_sold
type: webhook
max_bad_ratio: 0.1
rejects: table
columns: { id: integer, total: integer }
\`\`\`

\`\`\`source told_rain
type: webhook
columns: { mm: integer }
\`\`\`

\`\`\`sql told_sum
---
layer: gold
---
select sum(total)::int as total from told_sold
\`\`\`

\`\`\`chart told_total
from: told_sum
type: metric
value: { column: total, aggregate: sum }
\`\`\`

\`\`\`chart told_wet
from: told_rain
type: metric
value: { column: mm, aggregate: sum }
\`\`\`
`;

/** What somebody with the link hears, from now on. */
async function listener(token: string) {
  const left = new AbortController();
  const response = await fetch(`${world.test.origin}/api/v1/dashboards/${token}/events`, { signal: left.signal });
  expect(response.status).toBe(200);
  const heard: Extract<DashboardEvent, { type: 'live' }>[] = [];
  let all = '';
  const reading = (async () => {
    for await (const chunk of response.body ?? []) {
      all += Buffer.from(chunk).toString();
      const texts = [...all.matchAll(/^data: (.*)$/gm)].map(([, text = '']) => JSON.parse(text) as DashboardEvent);
      heard.splice(0, heard.length, ...texts.filter((event) => event.type === 'live'));
    }
  })().catch(() => undefined); // it was left
  return {
    now: () => heard.at(-1),
    all: () => all,
    leave: async () => {
      left.abort();
      await reading;
    },
  };
}

it('a viewer hears what the streams behind each tile do, and no name or reason of it', async () => {
  const { owner } = world;
  const id = await world.imported('Told', shown);
  const started = async (cell: string): Promise<{ id: string }> =>
    (await owner.call('POST', `/notebooks/${id}/streams`, { cell, commitMs: 250 })).json;
  await started('told_sold');
  const rain = await started('told_rain');
  const push = (source: string, body: unknown) => owner.call('POST', `/streams/${source}/events`, body);
  await push('told_sold', [{ id: 1, total: 5 }]);
  await push('told_rain', [{ mm: 3 }]);
  await until(async () => {
    const { json } = await owner.call('POST', '/query', { sql: 'select total from gold.told_sum' });
    return json.rows?.length === 1 ? json : null;
  });
  const { json: published } = await owner.call('POST', `/notebooks/${id}/publish`);
  const tiles = (await owner.call('GET', `/dashboards/${published.token}`)).json.tiles as { id: string }[];
  const viewer = await listener(published.token);
  const states = () => {
    const told = viewer.now();
    return told ? [told.flow?.state, ...tiles.map((tile) => told.tiles[tile.id]?.state)].join(' ') : null;
  };
  const untilStates = (wanted: string) => until(() => (states() === wanted ? wanted : null));
  await untilStates('live live live');

  await owner.call('POST', `/streams/${rain.id}/pause`);
  await untilStates('paused live paused');
  expect(Math.abs(Date.now() - Date.parse(viewer.now()?.flow?.since ?? ''))).toBeLessThan(60_000);
  await owner.call('POST', `/streams/${rain.id}/resume`);
  await untilStates('live live live');

  const channels = [await world.webhook('/told')];
  await push(
    'told_sold',
    Array.from({ length: 9 }, (_, at) => ({ id: at, total: 'x' })),
  );
  await untilStates('stopped stopped live');
  expect(viewer.now()?.flow?.told).toBe(false);
  await world.rule({ name: 'Stopped', kind: 'stream', config: { notebook: id }, channels });
  await world.called('/told', 'firing');
  await until(() => (viewer.now()?.flow?.told === true ? true : null));
  expect(viewer.all()).not.toMatch(/told_sold|told_rain|told_sum|max_bad_ratio|rows/);
  await viewer.leave();
  await owner.call('POST', `/streams/${rain.id}/pause`);
}, 120_000);

const made = `
\`\`\`source far_sold
type: webhook
columns: { id: integer, total: integer }
\`\`\`

\`\`\`sql far_sum
---
layer: gold
expect:
  - expression: total < 100
---
select sum(total)::int as total from far_sold
\`\`\`

\`\`\`sql far_double
---
layer: gold
---
select total * 2 as total from far_sum
\`\`\`
`;

const lookedAt = `
\`\`\`sql near_sum
select total from gold.far_double
\`\`\`

\`\`\`chart near_total
from: near_sum
type: metric
value: { column: total, aggregate: sum }
\`\`\`
`;

it('a viewer hears that the stream of another notebook could not make a table that a tile reads, and not why', async () => {
  const { owner } = world;
  const far = await world.imported('Far', made);
  const { json: stream } = await owner.call('POST', `/notebooks/${far}/streams`, { cell: 'far_sold', commitMs: 250 });
  const push = (id: number, total: number) => owner.call('POST', `/streams/far_sold/events`, [{ id, total }]);
  await push(1, 5);
  await until(async () => {
    const { json } = await owner.call('POST', '/query', { sql: 'select total from gold.far_double' });
    return json.rows?.length === 1 ? json : null;
  });
  const near = await world.imported('Near', lookedAt);
  const { json: published } = await owner.call('POST', `/notebooks/${near}/publish`);
  const [tile] = (await owner.call('GET', `/dashboards/${published.token}`)).json.tiles as { id: string }[];
  const viewer = await listener(published.token);
  const states = () => [viewer.now()?.flow?.state, viewer.now()?.tiles[tile?.id ?? '']?.state].join(' ');
  const untilStates = (wanted: string) => until(() => (states() === wanted ? wanted : null));
  await untilStates('live live');
  await push(2, 500);
  await untilStates('broken broken');
  const { json: seen } = await owner.call('GET', `/streams/${stream.id}`);
  expect(seen.progress).toMatchObject({
    failedCells: { far_double: expect.stringMatching(/^blocked by far_sum/) },
    failedSaid: { far_double: { values: { blocker: 'far_sum' } } },
  });
  await push(3, -450);
  await untilStates('live live');
  expect(viewer.all()).not.toMatch(/far_|near_|expect|blocked/);
  await viewer.leave();
  await owner.call('POST', `/streams/${stream.id}/pause`);
}, 120_000);
