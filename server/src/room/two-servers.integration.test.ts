import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { RunningServer } from '../main.ts';
import { startServer } from '../main.ts';
import { stockClient, until } from '../testing/sync-client.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let first: TestServer;
let second: RunningServer;
let owner: Visitor;
let dataDir: string;

beforeAll(async () => {
  first = await startTestServer();
  owner = await first.owner();
  dataDir = await mkdtemp(path.join(tmpdir(), 'datacraft-second-'));
  second = await startServer({ ...first.config, dataDir });
});
afterAll(async () => {
  await second.stop();
  await first.close();
  await rm(dataDir, { recursive: true, force: true });
});

const portOf = (server: RunningServer) => ({ port: Number(new URL(server.url).port) });

describe('two servers on one database', () => {
  it('share a room: what is written at one is seen at the other, both ways, at once', async () => {
    const { id } = (await owner.call('POST', '/notebooks', { title: 'Both' })).json;
    const a = stockClient(first, owner, id);
    const b = stockClient(portOf(second), owner, id);
    await Promise.all([a.synced(), b.synced()]);
    for (let n = 0; n < 100; n++) {
      a.text.insert(a.text.length, 'a');
      b.text.insert(0, 'b');
      if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await until(() => a.text.length === 200 && a.text.toString() === b.text.toString());
    a.provider.destroy();
    b.provider.destroy();
  });

  it('L2 checkpoints of either hold the edits of both', async () => {
    const { id } = (await owner.call('POST', '/notebooks', { title: 'Both' })).json;
    const a = stockClient(first, owner, id);
    const b = stockClient(portOf(second), owner, id);
    await Promise.all([a.synced(), b.synced()]);
    for (let n = 0; n < 700; n++) {
      a.text.insert(0, 'a');
      b.text.insert(0, 'b');
      if (n % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await until(() => a.text.length === 1400 && b.text.length === 1400);
    const { pool } = first.database;
    await until(
      async () =>
        ((await pool.query('select 1 from document_checkpoints where notebook_id = $1', [id])).rowCount ?? 0) > 0,
    );
    const { rows } = await pool.query<{ seq: string; data: Buffer }>(
      'select seq, data from document_checkpoints where notebook_id = $1',
      [id],
    );
    for (const checkpoint of rows) {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, checkpoint.data);
      const later = await pool.query<{ data: Buffer }>(
        'select data from document_updates where notebook_id = $1 and seq > $2',
        [id, checkpoint.seq],
      );
      for (const row of later.rows) Y.applyUpdate(doc, row.data);
      expect(doc.getText('probe').toString()).toBe(a.text.toString());
    }
    a.provider.destroy();
    b.provider.destroy();
  });

  it('A1 tell each other when rights end', async () => {
    const member = await first.member('editor');
    const { id } = (await owner.call('POST', '/notebooks', { title: 'Both' })).json;
    const b = stockClient(portOf(second), member, id);
    await b.synced();
    let code = 0;
    b.provider.on('closed', (closed: { code: number }) => (code = closed.code));
    await owner.call('PATCH', `/users/${member.me?.id}`, { disabled: true });
    await until(() => code === 4401);
    b.provider.destroy();
  });

  it('B1 pass on events of any size', async () => {
    const { id } = (await owner.call('POST', '/notebooks', { title: 'Both' })).json;
    const heard: string[] = [];
    second.deps.live.subscribe(id, (event) => heard.push(JSON.stringify(event)));
    const cells = Array.from({ length: 300 }, (_, n) => `célula "${n}" \n`.repeat(5));
    const event = { type: 'graph' as const, revision: 1, cells: [], diagnostics: [], note: cells };
    await first.server.deps.live.publish(id, event);
    await until(() => heard.length === 1);
    expect(JSON.parse(heard[0] ?? '')).toEqual(event);
  });
});
