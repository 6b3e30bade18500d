/** Events of a real broker in a published dashboard, in a real browser, also over a broker that goes and comes back. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { chromium, expect as see } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { untilSeen } from '../../server/src/testing/stream-runner.ts';
import { chromiumPath } from '../chromium.ts';
import { useServices } from './for-tests.ts';
import { down, up } from './supervise.ts';
import { useLiveServer } from './testing/live.ts';
import { withAdmin } from './testing/topic.ts';

const AWAY_MS = 30_000;
const root = join(import.meta.dirname, '..', '..');
// Before the server, which takes the pages as it finds them.
beforeAll(
  () => void execFileSync(process.execPath, [join(root, 'scripts', 'start.ts'), '--build-only'], { stdio: 'inherit' }),
  600_000,
);
const live = useLiveServer(useServices('kafka'), { DATACRAFT_WEB_DIR: join(root, 'web', 'build') });
let browser: Browser;
beforeAll(async () => {
  const executablePath = await chromiumPath();
  if (executablePath === null) throw new Error('no Chromium to look with');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
}, 240_000);
afterAll(() => browser.close());

const below = `
\`\`\`sql sold_so_far
---
layer: gold
---
select count(*)::int as events, sum(total)::int as total from sold
\`\`\`

\`\`\`chart sold_total
from: sold_so_far
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

/** A page of the owner, or of somebody without an account. */
async function pageOf(who: 'owner' | 'stranger'): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US' });
  const { cookie } = await live.test.owner();
  const at = cookie.indexOf('=');
  if (who === 'owner')
    await context.addCookies([{ name: cookie.slice(0, at), value: cookie.slice(at + 1), url: live.test.origin }]);
  return context.newPage();
}

it('events appear in a published dashboard; a broker away for 30 s is told, and each event is there once', async () => {
  await withAdmin(live.kafka(), (admin) => admin.createTopics({ topics: [{ topic: 'sold', numPartitions: 2 }] }));
  await sell(0, [5]);
  const { notebook, stream } = await live.goLive('sold', [`brokers: ["${live.brokers}"]`], below);
  await untilSeen(() => live.rows('select total from gold.sold_so_far'), [[5]]);

  const { json: published } = await live.call('POST', `/notebooks/${notebook}/publish`);
  const viewer = await pageOf('stranger');
  await viewer.goto(new URL(published.url, live.test.origin).href);
  const tile = viewer.getByRole('region', { name: 'Sold so far' });
  await see(tile).toContainText('5');
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
  await see(portuguese.getByText(/o tópico sold não pode ser lido/i)).toBeVisible({ timeout: 60_000 });
  await see(tile).toContainText('42');
  await sleep(Math.max(0, AWAY_MS - (performance.now() - wentAt)));
  expect((await live.call('GET', `/streams/${stream}`)).json.state).toBe('live');

  await up('kafka');
  await sell(
    3,
    Array.from({ length: 100 }, () => 1),
  );
  await see(tile).toContainText('142', { timeout: 90_000 });
  await see(room.getByText('Live', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await see(room.getByText(/the topic sold cannot be read/i)).toHaveCount(0);
  expect(await viewer.evaluate(() => 'sameDocument' in globalThis)).toBe(true);
  const all =
    'select count(*)::int, count(distinct n)::int, min(n)::int, max(n)::int, sum(total)::int from bronze.sold';
  expect(await live.rows(all)).toEqual([[103, 103, 0, 102, 142]]);
}, 300_000);
