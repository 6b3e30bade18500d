/** Real processes, killed while they send: what is published is sent once (V1, V2), and a run says what it came to. */
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from '@datacraft/migrations/testing';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datacraft, startProgram } from '../testing/datacraft.ts';
import type { KillWorkspace } from '../testing/kill-workspace.ts';
import { createKillWorkspace } from '../testing/kill-workspace.ts';
import { randomOf } from '../testing/random.ts';
import { serve } from '../testing/serve.ts';

const CYCLES = 8;
const STEP = 20_000;
let workspace: KillWorkspace;
let there: TestDatabase;
let env: Record<string, string>;

beforeAll(async () => {
  workspace = await createKillWorkspace();
  there = await createTestDatabase();
  env = {
    ...workspace.env,
    DATACRAFT_ALLOWED_HOSTS: '127.0.0.1,localhost',
    DATACRAFT_SECRET_THERE: there.url,
  };
});
afterAll(async () => {
  await there.close();
  await workspace.close();
});

const notebook = (title: string, cell: string, target: string, rows: number) =>
  `---\ndatacraft: 1\ntitle: ${title}\n---\n\n\`\`\`sql ${cell}\n---\nlayer: gold\nexport:\n  - ${target}\n---\nselect range as id from range(${rows})\n\`\`\`\n`;

describe('kill -9 while tables are sent', () => {
  it('V1 of the command leaves each row in the other database once, whatever moment it was', async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`kill -9 of exports: seed ${seed}`);
    const random = randomOf(seed);
    const file = path.join(workspace.folder, 'sent.md');
    const target = '{ type: postgres, connection: bi, table: sent, mode: append }';
    await datacraft(['query', 'select 1'], env);
    await workspace.database.pool.query(
      `insert into connections (name, type, config) values ('bi', 'postgres', '{"url": "secret://there"}')`,
    );
    const write = (cycle: number) => writeFile(file, notebook('Sent', 'sent', target, cycle * STEP));
    const counts = async () => {
      const { rows } = await there.pool.query('select count(*)::int as all, count(distinct id)::int as once from sent');
      return rows[0] as { all: number; once: number };
    };
    await write(1);
    const startedAt = performance.now();
    expect((await datacraft(['run', file], env)).code).toBe(0);
    const wholeMs = performance.now() - startedAt;
    for (let cycle = 2; cycle <= CYCLES; cycle += 1) {
      await write(cycle);
      const program = startProgram(['run', file], env);
      await sleep(wholeMs * (0.5 + 0.5 * random()));
      program.child.kill('SIGKILL');
      await program.outcome;
      const found = await counts();
      expect(found.all).toBe(found.once);
      expect(found.all % STEP).toBe(0);
    }
    expect((await datacraft(['run', file], env)).code).toBe(0);
    expect(await counts()).toEqual({ all: CYCLES * STEP, once: CYCLES * STEP });
    const { rows } = await workspace.database.pool.query(
      `select count(*)::int as n from exports where state = 'pending'`,
    );
    expect(rows).toEqual([{ n: 0 }]);
  }, 180_000);

  it('V2 of the server lets the next one send what is left, and makes nothing again', async () => {
    const keys: string[] = [];
    let mute = true;
    const sink = createServer((request, response) => {
      request.resume();
      keys.push(String(request.headers['idempotency-key']));
      if (!mute) request.on('end', () => response.writeHead(204).end());
    });
    await new Promise<void>((listening) => sink.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/in`;
    const file = path.join(workspace.folder, 'posted.md');
    await writeFile(file, notebook('Posted', 'posted', `{ type: http, url: "${url}" }`, 3));
    const id = (await datacraft(['import', file], env)).out.trim();
    const first = await serve(env);
    const answer = await fetch(`${first.url}/api/v1/auth/signup`, {
      method: 'POST',
      body: JSON.stringify({ email: 'a@example.com', password: 'correct horse', name: 'Ana' }),
      headers: { 'content-type': 'application/json' },
    });
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    const started = await fetch(`${first.url}/api/v1/notebooks/${id}/runs`, { method: 'POST', headers: { cookie } });
    const { runId } = (await started.json()) as { runId: string };
    while (keys.length === 0) await sleep(20);
    const run = async () =>
      (
        await workspace.database.pool.query(
          `select runs.state, tasks.state as task, tasks.report ->> 'rowsWritten' as rows, exports.state as sent, attempts
           from runs join tasks on tasks.run_id = runs.id join exports on exports.run_id = runs.id where runs.id = $1`,
          [runId],
        )
      ).rows[0] as Record<string, unknown>;
    expect(await run()).toEqual({ state: 'running', task: 'succeeded', rows: '3', sent: 'pending', attempts: 1 });
    first.program.child.kill('SIGKILL');
    await first.program.outcome;
    mute = false;
    const second = await serve(env);
    while ((await run())['state'] === 'running') await sleep(50);
    expect(await run()).toEqual({ state: 'succeeded', task: 'succeeded', rows: '3', sent: 'delivered', attempts: 2 });
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    second.program.child.kill('SIGTERM');
    expect((await second.program.outcome).code).toBe(0);
    sink.closeAllConnections();
    sink.close();
  }, 60_000);
});
