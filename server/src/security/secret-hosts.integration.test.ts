/** What an editor can do to a secret that somebody else stored: use it where its owner said, and nothing else. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { HookSink } from '../testing/hook-sink.ts';
import { startHookSink } from '../testing/hook-sink.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

const CANARY = 'zq!canary-7d1f-0042';
let test: TestServer;
let owner: Visitor;
let editor: Visitor;
let sink: HookSink;
beforeAll(async () => {
  sink = await startHookSink();
  sink.answer = () => 403;
  test = await startTestServer({ DATACRAFT_ALLOWED_HOSTS: '127.0.0.1,localhost' }, { attach: attachEngine });
  owner = await test.owner();
  editor = await test.member('editor');
});
afterAll(async () => {
  await test.close();
  await sink.close();
});

async function ended(text: string) {
  const { json } = await editor.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  const { json: run } = await editor.call('POST', `/notebooks/${json.id}/runs`);
  for (;;) {
    const found = await editor.call('GET', `/runs/${run.runId}`);
    if (!['queued', 'running'].includes(found.json.state)) return { id: json.id as string, run: found.json };
    await sleep(50);
  }
}

let cells = 0;
const source = (words: string) =>
  `---\ndatacraft: 1\ntitle: Taken ${++cells}\n---\n\n\`\`\`source taken_${cells}\n${words}\n\`\`\`\n`;
const errorOf = async (words: string) => (await ended(source(words))).run.tasks[0].error;

describe('a secret that names its hosts', () => {
  it('goes to no other one, whatever way a cell asks', async () => {
    expect((await owner.call('PUT', '/secrets/shop', { value: CANARY, hosts: ['api.shop.example'] })).status).toBe(204);
    const asks = [
      `type: http\nurl: ${sink.url}/x\nauth: { type: bearer, token: "secret://shop" }`,
      `type: http\nurl: ${sink.url}/x\nauth: { type: basic, username: a, password: "secret://shop" }`,
      `type: http\nurl: ${sink.url}/x\nauth: { type: api_key, key: "secret://shop", in: query }`,
      `type: http\nurl: ${sink.url}/x\nheaders: { X-Any: "secret://shop" }`,
      `type: http\nurl: https://api.shop.example/x\nauth: { type: oauth2, token_url: "${sink.url}/t", client_id: a, client_secret: "secret://shop" }`,
      `type: postgres\nhost: 127.0.0.1\nport: ${sink.port}\nuser: a\npassword: secret://shop\ntable: t`,
      `type: postgres\nhost: 127.0.0.1\nurl: secret://shop\ntable: t`,
      `type: mysql\nhost: 127.0.0.1\nport: ${sink.port}\nuser: secret://shop\npassword: x\ntable: t`,
      `type: kafka\nbrokers: ["127.0.0.1:${sink.port}"]\ntopic: t\nformat: json\nsasl: { username: a, password: "secret://shop" }`,
    ];
    for (const words of asks) {
      const error = await errorOf(words);
      expect([words, error?.code]).toEqual([words, 'forbidden']);
      expect(error?.message).toContain('the secret shop is not sent to 127.0.0.1: it is for api.shop.example');
    }
    expect(sink.calls).toEqual([]);
  }, 120_000);

  it('is bound anew by owners alone; whoever stores another value says where that one goes', async () => {
    expect((await editor.call('PATCH', '/secrets/shop', { hosts: ['127.0.0.1'] })).status).toBe(403);
    expect((await editor.call('PUT', '/secrets/shop', { hosts: ['127.0.0.1'] })).status).toBe(400);
    expect((await owner.call('PATCH', '/secrets/shop', { hosts: ['http://x'] })).status).toBe(400);
    expect((await owner.call('PATCH', '/secrets/gone', { hosts: [] })).status).toBe(404);
    const listed = await editor.call('GET', '/secrets');
    expect(listed.json).toMatchObject([{ name: 'shop', hosts: ['api.shop.example'] }]);
    expect((await editor.call('PUT', '/secrets/mine', { value: 'of my own', hosts: ['*.mine.example'] })).status).toBe(
      204,
    );
  });

  it('goes to no public host while it names none', async () => {
    await owner.call('PUT', '/secrets/free', { value: CANARY });
    const error = await errorOf(
      'type: http\nurl: https://example.com/x\nauth: { type: bearer, token: "secret://free" }',
    );
    expect(error).toMatchObject({ code: 'forbidden' });
    expect(error.message).toContain('it names no hosts');
  });

  it('is seen nowhere, also when the other side repeats it', async () => {
    await owner.call('PUT', '/secrets/told', { value: CANARY, hosts: ['127.0.0.1'] });
    const parrot = createServer((request, response) => {
      response.statusMessage = String(request.headers.authorization);
      response.writeHead(403).end();
    });
    await new Promise<void>((listening) => parrot.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(parrot.address() as AddressInfo).port}/deep`;
    const { id, run } = await ended(source(`type: http\nurl: ${url}\nauth: { type: bearer, token: "secret://told" }`));
    parrot.close();
    expect(run.tasks[0].error.message).toContain('Bearer •••');
    const rogue = `\`\`\`sql out_told\n---\nlayer: gold\nexport:\n  - { type: http, url: "${sink.url}/in", token: "secret://told" }\n---\nselect 1 as x\n\`\`\`\n`;
    sink.answer = () => 500;
    const sent = await ended(`---\ndatacraft: 1\ntitle: Sent\n---\n\n${rogue}`);
    expect(sent.run.state).toBe('failed');
    const seen = [
      ...(await everyTable()),
      (await owner.call('GET', `/notebooks/${id}/export`)).text,
      (await owner.call('GET', '/lineage')).text,
      (await owner.call('GET', '/audit')).text,
      await (await fetch(`${test.origin}/api/v1/audit/export`, { headers: { cookie: owner.cookie } })).text(),
      await (await fetch(`${test.origin}/metrics`)).text(),
      JSON.stringify([run, sent.run]),
    ];
    expect(seen.filter((text) => text.includes(CANARY) || text.includes('canary-7d1f'))).toEqual([]);
  }, 60_000);
});

/** All that the database holds, as text. */
async function everyTable(): Promise<string[]> {
  const { pool } = test.server.deps;
  const tables = await pool.query<{ name: string }>(
    `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  expect(tables.rows.length).toBeGreaterThan(30);
  const texts: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await pool.query<{ all: string | null }>(`select string_agg(t::text, ' ') as all from ${name} t`);
    texts.push(rows[0]?.all ?? '');
  }
  return texts;
}
