/** Events of a real broker in a published dashboard, in a real browser, also over a broker that goes and comes back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect as see } from '@playwright/test';
import { expect, it } from 'vitest';
import { untilSeen } from '../../server/src/testing/stream-runner.ts';
import { useServices } from './for-tests.ts';
import { down, up } from './supervise.ts';
import { useSeenServer } from './testing/seen.ts';
import { withAdmin } from './testing/topic.ts';

const AWAY_MS = 30_000;
const SOLD = 142;
const MEASURED = 100;
const FIRST = 3_001;
const { live, pageOf } = useSeenServer(useServices('kafka'));

const below = (source: string, sum: string) => `
\`\`\`sql ${sum}
---
layer: gold
---
select count(*)::int as events, sum(total)::int as total from ${source}
\`\`\`

\`\`\`chart ${sum}_shown
from: ${sum}
type: metric
title: Sold so far
value: { column: total, aggregate: sum }
\`\`\``;

/** One for each of `totals`; every event is told apart by its number. */
async function sell(from: number, totals: readonly number[]): Promise<void> {
  const producer = live.kafka().producer();
  await producer.connect();
  const messages = totals.map((total, at) => ({ value: JSON.stringify({ n: from + at, total }) }));
  await producer.send({ topic: 'sold', messages });
  await producer.disconnect();
}

/** In the page: notes of each number when a frame first showed it. */
const WATCH = `(() => {
  const shown = (globalThis.shown = {});
  const look = () => {
    for (const found of document.body.innerText.match(/\\d[\\d,.]*/g) ?? []) shown[found.replace(/\\D/g, '')] ??= Date.now();
    requestAnimationFrame(look);
  };
  look();
})()`;

it('events appear in a published dashboard; a broker away for 30 s is told, and each event is there once', async () => {
  await withAdmin(live.kafka(), (admin) => admin.createTopics({ topics: [{ topic: 'sold', numPartitions: 2 }] }));
  await sell(0, [5]);
  const { notebook, stream } = await live.goLive(
    'sold',
    [`brokers: ["${live.brokers}"]`],
    below('sold', 'sold_so_far'),
  );
  await untilSeen(() => live.rows('select total from gold.sold_so_far'), [[5]]);

  const { json: published } = await live.call('POST', `/notebooks/${notebook}/publish`);
  const viewer = await pageOf('stranger');
  await viewer.goto(new URL(published.url, live.test.origin).href);
  const tile = viewer.getByRole('region', { name: 'Sold so far' });
  await see(tile).toContainText('5');
  const standing = viewer.getByRole('status').first();
  await see(standing).toHaveText('Live');
  await viewer.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
  await sell(1, [30, 7]);
  await see(tile).toContainText('42', { timeout: 30_000 });

  const room = await pageOf('owner');
  await room.goto(`${live.test.origin}/streams/${stream}`);
  await see(room.getByText('Live', { exact: true }).first()).toBeVisible();
  await live.call('PATCH', '/me', { locale: 'pt-BR' });
  const portuguese = await pageOf('owner');
  await portuguese.goto(`${live.test.origin}/streams/${stream}`);
  await down('kafka', true);
  const wentAt = performance.now();
  await see(room.getByText('Waiting', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await see(room.getByText(/the topic sold cannot be read/i)).toBeVisible();
  await see(standing).toHaveText(
    /^Source away since \d\d:\d\d: what came before is shown, and it catches up by itself\.$/,
  );
  await see(tile).toContainText(/Source away since \d\d:\d\d/);
  expect(await viewer.content()).not.toContain(live.brokers);
  await see(portuguese.getByText(/o tópico sold não pode ser lido/i)).toBeVisible({ timeout: 60_000 });
  await see(room.getByText(/since \d\d:\d\d, the source is not reachable, it was 0/)).toBeVisible();
  await see(portuguese.getByText(/desde \d\d:\d\d, a fonte não é alcançada, era 0/)).toBeVisible();
  const notes = await pageOf('owner');
  await notes.goto(`${live.test.origin}/notebooks/${notebook}`);
  await see(notes.getByRole('link', { name: /^Esperando desde \d\d:\d\d$/ })).toBeVisible({ timeout: 60_000 });
  const { json: token } = await live.call('POST', '/tokens', { name: 'metrics' });
  const scrape = async () =>
    (await fetch(`${live.test.origin}/metrics`, { headers: { authorization: `Bearer ${token.token}` } })).text();
  const metrics = await scrape();
  expect(metrics).toMatch(/datacraft_streams\{state="waiting"\} 1\n/);
  expect(metrics).not.toContain('datacraft_stream_lag_messages{table="bronze.sold"}');
  expect(metrics).toMatch(/datacraft_stream_lag_unknown_seconds\{table="bronze.sold"\} [1-9]/);
  await see(tile).toContainText('42');
  await sleep(Math.max(0, AWAY_MS - (performance.now() - wentAt)));
  expect((await live.call('GET', `/streams/${stream}`)).json.state).toBe('live');

  await up('kafka');
  await see(standing).toHaveText('Live', { timeout: 15_000 });
  await see(tile).not.toContainText('away');
  await sell(
    3,
    Array.from({ length: 100 }, () => 1),
  );
  await see(tile).toContainText(String(SOLD), { timeout: 90_000 });
  await see(room.getByText('Live', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await see(room.getByText(/the topic sold cannot be read/i)).toHaveCount(0);
  await see(notes.getByRole('link', { name: /^Esperando/ })).toHaveCount(0, { timeout: 30_000 });
  await untilSeen(
    async () => (await scrape()).includes('datacraft_stream_lag_messages{table="bronze.sold"} 0\n'),
    true,
  );
  expect(await viewer.evaluate(() => 'sameDocument' in globalThis)).toBe(true);
  const all =
    'select count(*)::int, count(distinct n)::int, min(n)::int, max(n)::int, sum(total)::int from bronze.sold';
  expect(await live.rows(all)).toEqual([[103, 103, 0, 102, SOLD]]);
  await live.call('POST', `/streams/${stream}/pause`);
  for (const page of [viewer, room, portuguese, notes]) await page.close();
}, 300_000);

it('shows each event of a stream that commits each 250 ms, and says how long it took from sending to the frame that shows it', async () => {
  await withAdmin(live.kafka(), (admin) => admin.createTopics({ topics: [{ topic: 'timed', numPartitions: 2 }] }));
  const { notebook, stream } = await live.goLive(
    'timed',
    [`brokers: ["${live.brokers}"]`],
    below('timed', 'all_timed'),
  );
  const producer = live.kafka().producer();
  await producer.connect();
  const send = () => producer.send({ topic: 'timed', messages: [{ value: JSON.stringify({ total: 1 }) }] });
  await producer.send({ topic: 'timed', messages: [{ value: JSON.stringify({ total: FIRST }) }] });
  await untilSeen(() => live.rows('select total from gold.all_timed'), [[FIRST]]);
  const { json: published } = await live.call('POST', `/notebooks/${notebook}/publish`);
  const viewer = await pageOf('stranger');
  await viewer.goto(new URL(published.url, live.test.origin).href);
  await see(viewer.getByRole('region', { name: 'Sold so far' })).toContainText(FIRST.toLocaleString('en-US'));
  await viewer.evaluate(WATCH);
  const took: number[] = [];
  for (let n = 1; n <= MEASURED; n += 1) {
    const sentAt = Date.now();
    await send();
    const shown = await viewer.waitForFunction((number) => Reflect.get(globalThis, 'shown')[number], FIRST + n, {
      polling: 50,
      timeout: 60_000,
    });
    took.push((await shown.jsonValue()) - sentAt);
    await sleep((n * 37) % 250); // at no fixed moment of a commit
  }
  await producer.disconnect();
  const { json } = await live.call('GET', `/streams/${stream}`);
  const commits = json.history.map(({ tookMs }: { tookMs: number }) => tookMs);
  console.log(`event to pixel of ${MEASURED} events: ${shares(took)}; longest commit of 5 s: ${shares(commits)}`);
  await live.call('POST', `/streams/${stream}/pause`);
}, 600_000);

function shares(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${sorted.at(-1)} ms`;
}
