import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiServer } from '../source/testing/api-server.ts';
import { remoteAccess } from '../source/testing/remote-database.ts';
import type { RunEvent } from './context.ts';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const slow = (origin: string) =>
  `\`\`\`source slow\ntype: http\nurl: ${origin}/rows\nrecords: $.data\npagination: { type: page }\n\`\`\`\n`;

it('how far a source is is told while it is read', async () => {
  const told: RunEvent[] = [];
  const { promise: heard, resolve: hear } = Promise.withResolvers<undefined>();
  const emit = (event: RunEvent) => {
    told.push(event);
    if (event.type === 'reading') hear(undefined);
  };
  const server = await createApiServer(async ({ url }) => {
    const page = Number(url.searchParams.get('page'));
    if (page === 2) await heard;
    return { body: { data: page > 2 ? [] : [{ id: page * 2 - 1 }, { id: page * 2 }] } };
  });
  const deps = { emit, remote: remoteAccess([server.host]) };
  try {
    expect(await shop.run(slow(server.origin), { deps })).toMatchObject({ state: 'succeeded' });
    const rows = told.flatMap((event) => (event.type === 'reading' ? [event.progress.rows] : []));
    expect(rows[0]).toBe(2);
    expect(rows.at(-1)).toBe(4);
    expect(told.findIndex(({ type }) => type === 'reading')).toBeLessThan(
      told.findIndex(({ type }) => type === 'task'),
    );
  } finally {
    await server.stop();
  }
});

it('a run is stopped while a source is read', async () => {
  const stopping = new AbortController();
  const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>();
  const server = await createApiServer(async ({ url }) => {
    if (Number(url.searchParams.get('page')) === 2) await stopped;
    return { body: { data: [{ id: 1, page: url.searchParams.get('page') }] } };
  });
  const emit = (event: RunEvent) => {
    if (event.type !== 'reading') return;
    stopping.abort();
    stop(undefined);
  };
  try {
    const report = await shop.run(slow(server.origin), {
      owner: 'stopped',
      signal: stopping.signal,
      deps: { emit, remote: remoteAccess([server.host]) },
    });
    expect(report.state).toBe('cancelled');
  } finally {
    await server.stop();
  }
});
