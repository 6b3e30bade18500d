import { setTimeout as sleep } from 'node:timers/promises';
import type { Cell, DashboardData, DashboardView, LayoutTile } from '@datacraft/shared';
import { parseNotebook } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

const NOTEBOOK = `---
datacraft: 1
title: Sales
---

# Sales

What we sold.

\`\`\`input min_amount
type: number
default: 0
min: 0
label: At least
\`\`\`

A line that is not for everybody.

\`\`\`input secret_tenant
type: number
default: 3
\`\`\`

\`\`\`input channel
type: select
default: null
options:
  from: hidden_sales
  column: channel
\`\`\`

\`\`\`source hidden_events
type: simulator
template: ecommerce_orders
rows: 50
seed: 7
\`\`\`

\`\`\`sql hidden_sales
select i as sale_id, 'channel ' || (i % 4) as channel, i % 5 as tenant, i::decimal(12,2) as amount
from range(1000) t(i)
\`\`\`

\`\`\`sql hidden_filtered
---
materialize: ephemeral
---
select channel, amount from hidden_sales
where amount >= $min_amount and tenant = $secret_tenant and ($channel is null or channel = $channel)
\`\`\`

\`\`\`chart total_sales
from: hidden_filtered
type: metric
value: { column: amount, aggregate: sum }
\`\`\`

\`\`\`chart by_channel
from: hidden_filtered
type: bar
x: channel
y: { column: amount, aggregate: sum }
title: By channel
\`\`\`

\`\`\`chart events
from: hidden_events
type: metric
value: { column: order_id, aggregate: count }
\`\`\`

\`\`\`sql breaks
---
materialize: ephemeral
---
select (case when channel = 'channel 0' then error('inner /secret/path') else channel end) as broken from hidden_filtered
\`\`\`

\`\`\`chart broken
from: breaks
type: table
\`\`\`
`;
const hidden = [
  'hidden_events',
  'hidden_sales',
  'hidden_filtered',
  'secret_tenant',
  'breaks',
  'sale_id',
  'ecommerce_orders',
];

let test: TestServer;
let owner: Visitor;
let id: string;
let layout: { tiles: LayoutTile[] };
let token: string;

beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
  const made = await owner.call('POST', '/notebooks/import', NOTEBOOK, { 'content-type': 'text/markdown' });
  if (made.status !== 201) throw new Error(made.text);
  id = made.json.id;
  const given = (await owner.call('GET', `/notebooks/${id}/layout`)).json;
  // The hidden filter is not on the page.
  layout = { tiles: given.tiles.filter((tile: LayoutTile) => tile !== given.tiles[1]) };
});
afterAll(() => test.close());

const publish = async (body: unknown = { layout }) => owner.call('POST', `/notebooks/${id}/publish`, body);
const view = async (query = ''): Promise<DashboardView> =>
  (await test.anonymous().call('GET', `/dashboards/${token}${query}`)).json;
const tileNamed = (shown: DashboardView, title: string) => {
  const tile = shown.tiles.find((each) => each.title === title);
  return tile ? shown.data.tiles[tile.id] : undefined;
};
const valueOf = (shown: DashboardView, title: string): unknown => {
  const data = tileNamed(shown, title);
  return data?.state === 'ok' ? data.page.rows[0]?.[0] : data?.state;
};
async function run(): Promise<void> {
  const { runId } = (await owner.call('POST', `/notebooks/${id}/runs`, { select: ['hidden_sales'] })).json;
  for (;;) {
    const { state } = (await owner.call('GET', `/runs/${runId}`)).json;
    if (state === 'succeeded') return;
    if (state === 'failed' || state === 'cancelled') throw new Error(`the run ${state}`);
    await sleep(50);
  }
}

describe('publishing', () => {
  it('needs an editor; reading what is published needs no account', async () => {
    const viewer = await test.member('viewer');
    expect((await viewer.call('POST', `/notebooks/${id}/publish`, {})).status).toBe(403);
    expect((await viewer.call('PUT', `/notebooks/${id}/layout`, layout)).status).toBe(403);
    expect((await viewer.call('DELETE', `/notebooks/${id}/publication`)).status).toBe(403);
    expect((await test.anonymous().call('GET', `/notebooks/${id}/publication`)).status).toBe(401);
    const published = await publish();
    expect(published.status).toBe(200);
    token = published.json.token;
    expect(published.json.url).toBe(`${test.origin}/d/${token}`);
    expect(Buffer.from(token, 'base64url').length * 8).toBeGreaterThanOrEqual(128);
    expect((await test.anonymous().call('GET', `/dashboards/${token}`)).status).toBe(200);
  });

  it('keeps the link and counts versions', async () => {
    const again = await publish();
    expect(again.json).toMatchObject({ token, version: 2 });
  });

  it('refuses arrangements that overlap or name other cells', async () => {
    const [first] = layout.tiles;
    const overlapping = { tiles: [first, { ...layout.tiles[1], x: first?.x, y: first?.y }] };
    expect((await owner.call('PUT', `/notebooks/${id}/layout`, overlapping)).status).toBe(400);
    expect((await publish({ layout: { tiles: [{ ...first, cellId: 'cell_elsewhere' }] } })).status).toBe(400);
  });

  it('says what the next version would change', async () => {
    const moved = layout.tiles.map((tile) => ({ ...tile, y: tile.y + 1 })).slice(0, -1);
    const last = layout.tiles.at(-1);
    expect((await owner.call('GET', `/notebooks/${id}/publication`)).json.changes).toEqual([]);
    expect((await owner.call('PUT', `/notebooks/${id}/layout`, { tiles: moved })).status).toBe(204);
    const { changes } = (await owner.call('GET', `/notebooks/${id}/publication`)).json;
    expect(changes).toContainEqual({ kind: 'removed', cellId: last?.cellId, name: 'broken', what: 'tile' });
    expect(changes.filter((change: { kind: string }) => change.kind === 'moved')).toHaveLength(moved.length);
    await owner.call('PUT', `/notebooks/${id}/layout`, layout);
  });
});

describe('a published dashboard', () => {
  beforeAll(run);

  it('shows published data with its age, and calmly what never ran and what fails', async () => {
    const shown = await view();
    expect(shown.title).toBe('Sales');
    expect(Number(valueOf(shown, 'Total sales'))).toBe(100_100);
    expect(valueOf(shown, 'Events')).toBe('never-run');
    expect(tileNamed(shown, 'Broken')).toMatchObject({ state: 'failed', reason: 'failed' });
    expect(Date.parse(shown.data.oldestDataAt ?? '')).toBeGreaterThan(Date.now() - 600_000);
  });

  it('computes for the values in the address, each viewer for themself', async () => {
    const [some, all] = await Promise.all([view('?p.min_amount=500'), view()]);
    expect(Number(valueOf(some, 'Total sales'))).toBe(75_050);
    expect(Number(valueOf(all, 'Total sales'))).toBe(100_100);
    expect(some.inputs.find((input) => input.name === 'min_amount')?.value).toBe(500);
  });

  it('offers the options of a query and takes no other', async () => {
    const shown = await view('?p.channel=elsewhere');
    const channel = shown.inputs.find((input) => input.name === 'channel');
    expect(channel?.options?.map((option) => option.value)).toEqual([
      'channel 0',
      'channel 1',
      'channel 2',
      'channel 3',
    ]);
    expect(shown.data.ignored).toEqual([{ input: 'channel', reason: 'invalid' }]);
    expect(Number(valueOf(shown, 'Total sales'))).toBe(100_100);
  });

  it('lets nobody lift a filter that is not on the page (I6)', async () => {
    const shown = await view('?p.secret_tenant=4');
    expect(Number(valueOf(shown, 'Total sales'))).toBe(100_100);
    const posted = await test.anonymous().call('POST', `/dashboards/${token}/data`, { params: { secret_tenant: 4 } });
    const data: DashboardData = posted.json;
    expect(data.params).not.toHaveProperty('secret_tenant');
    expect(data.ignored).toEqual([{ input: 'secret_tenant', reason: 'unknown' }]);
  });

  it('holds no SQL, hidden cell, source, cell id, path or e-mail (I6)', async () => {
    const cells: string[] = layout.tiles.map((tile) => tile.cellId);
    const answers = [
      await test.anonymous().call('GET', `/dashboards/${token}?p.min_amount=1`),
      await test.anonymous().call('POST', `/dashboards/${token}/data`, { params: { min_amount: 2 } }),
    ];
    for (const { text, headers } of answers) {
      for (const word of [
        ...secretsOf(NOTEBOOK, shownNames),
        ...hidden,
        ...cells,
        id,
        'example.com',
        'select ',
        'simulator',
        '/secret/path',
        'range(',
        'not for everybody',
      ])
        expect(text, word).not.toContain(word);
      expect(text).not.toMatch(/cell_|\/tmp\/|silver\.|bronze\.|"from"/);
      expect(headers.get('cache-control')).toContain('private');
    }
  });

  it('counts how often the link was opened, and dates the data for its authors', async () => {
    await sleep(1_200);
    const { publication } = (await owner.call('GET', '/notebooks')).json.find((each: { id: string }) => each.id === id);
    expect(publication.views).toBeGreaterThanOrEqual(5);
    expect(Date.parse(publication.dataAt)).toBeLessThanOrEqual(Date.now());
  });

  it('costs one query per tile for 500 viewers', async () => {
    const before = await tileQueries();
    const viewers = await Promise.all(Array.from({ length: 500 }, () => view('?p.min_amount=777')));
    expect(new Set(viewers.map((shown) => valueOf(shown, 'Total sales'))).size).toBe(1);
    expect((await tileQueries()) - before).toBeLessThanOrEqual(12);
  });

  it('offers the same options in the notebook, to members only', async () => {
    const path = `/notebooks/${id}/inputs/channel/options`;
    expect((await owner.call('GET', path)).json).toHaveLength(4);
    expect((await owner.call('GET', `/notebooks/${id}/inputs/nothing/options`)).status).toBe(404);
    expect((await test.anonymous().call('GET', path)).status).toBe(401);
  });

  it('stays as it was published while the notebook goes on', async () => {
    const { cells } = (await owner.call('POST', `/notebooks/${id}/dashboard/preview`, { layout })).json;
    expect(cells.length).toBeGreaterThan(layout.tiles.length);
    const smaller = { tiles: layout.tiles.slice(0, 3) };
    await owner.call('PUT', `/notebooks/${id}/layout`, smaller);
    expect((await view()).tiles).toHaveLength(layout.tiles.length);
    await publish({ layout: smaller });
    expect((await view()).tiles).toHaveLength(3);
  });

  it('is gone for everybody when it is no longer shared, and comes back under another link', async () => {
    expect((await owner.call('DELETE', `/notebooks/${id}/publication`)).status).toBe(204);
    const gone = await test.anonymous().call('GET', `/dashboards/${token}`);
    expect(gone.status).toBe(404);
    expect(gone.json.detail).toContain('no longer shared');
    expect((await test.anonymous().call('POST', `/dashboards/${token}/data`, {})).status).toBe(404);
    expect((await owner.call('GET', `/notebooks/${id}/publication`)).json.published).toBeNull();
    const next = (await publish({ layout })).json;
    expect(next.token).not.toBe(token);
    expect((await test.anonymous().call('GET', `/dashboards/${next.token}`)).status).toBe(200);
    expect((await test.anonymous().call('GET', `/dashboards/${token}`)).status).toBe(404);
  });
});

/** Cells on the page: of these, titles, labels and columns are there to be read. */
const shownNames = new Set(['min_amount', 'channel', 'total_sales', 'by_channel', 'events', 'broken']);
const publicKeys = new Set([
  'type', 'x', 'y', 'value', 'title', 'label', 'default', 'min', 'max', 'unit', 'color', 'rows', 'columns', 'values',
]); // prettier-ignore

/** Every SQL text, name, setting and line of prose of a notebook that its dashboard does not show. */
function secretsOf(text: string, shown: ReadonlySet<string>): string[] {
  const { notebook } = parseNotebook(text);
  const open = new Set(notebook.cells.filter((cell) => shown.has(cell.name)).flatMap((cell) => openWords(cell)));
  const all = notebook.cells.flatMap((cell) => {
    const lines = cell.kind === 'markdown' && /^#/.test(cell.source.trim()) ? [] : cell.source.split('\n');
    const name = cell.kind === 'input' && shown.has(cell.name) ? [] : [cell.name];
    return [...name, ...lines.map((line) => line.trim()), ...leaves(cell.config)];
  });
  const secrets = [...new Set(all)].filter((word) => word.length >= 4 && !open.has(word));
  expect(secrets.length).toBeGreaterThan(12);
  return secrets;
}

function openWords(cell: Cell): string[] {
  return Object.entries(cell.config).flatMap(([key, value]) => (publicKeys.has(key) ? leaves(value) : []));
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}

/** Sessions of tiles so far, as the server counts them. */
async function tileQueries(): Promise<number> {
  const { text } = await test.anonymous().call('GET', '/metrics');
  const found = /^datacraft_dashboard_queries_total(?:\{\})? (\d+)/m.exec(text);
  if (!found?.[1]) throw new Error('the metric of dashboard queries is missing');
  return Number(found[1]);
}
