import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { HookSink } from '../testing/hook-sink.ts';
import { startHookSink } from '../testing/hook-sink.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let sink: HookSink;
beforeAll(async () => {
  sink = await startHookSink();
  test = await startTestServer({ DATACRAFT_ALLOWED_HOSTS: '127.0.0.1' }, { attach: attachEngine });
  owner = await test.owner();
});
afterAll(async () => {
  await test.close();
  await sink.close();
});

async function ended(runId: string) {
  for (;;) {
    const { json } = await owner.call('GET', `/runs/${runId}`);
    if (json.state !== 'queued' && json.state !== 'running') return json;
    await sleep(50);
  }
}

describe('a run that could not send its table', () => {
  it('fails with the cause, keeps the table, and is sent again alone once it can be', async () => {
    const text = `---\ndatacraft: 1\ntitle: T\n---\n\n\`\`\`sql out\n---\nlayer: gold\nexport:\n  - { type: http, url: "${sink.url}/a" }\n  - { type: http, url: "${sink.url}/b" }\n---\nselect range as id from range(3)\n\`\`\`\n`;
    const { json: notebook } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
    sink.answer = (path) => (path === '/b' ? 503 : 200);
    const { json: begun } = await owner.call('POST', `/notebooks/${notebook.id}/runs`);
    const run = await ended(begun.runId);
    expect(run).toMatchObject({ state: 'failed', error: { code: 'export-failed' } });
    expect(run.tasks).toMatchObject([
      { cell: 'out', state: 'failed', rowsWritten: 3, error: { code: 'export-failed' } },
    ]);
    expect(run.error.message).toContain(`${sink.url}/b answered 503`);
    expect(run.tasks[0].snapshotId).toMatch(/^\d+$/);
    const { json: rows } = await owner.call('POST', '/query', { sql: 'select count(*)::int as n from gold.out' });
    expect(rows.rows).toEqual([{ n: 3 }]);
    expect(sink.calls.map(({ path }) => path)).toEqual(['/a']);

    sink.answer = () => 200;
    const viewer = await test.member('viewer');
    expect((await viewer.call('POST', `/runs/${begun.runId}/resend`, {})).status).toBe(403);
    const again = await owner.call('POST', `/runs/${begun.runId}/resend`, {});
    expect(again.status).toBe(202);
    expect(await ended(again.json.runId)).toMatchObject({
      state: 'succeeded',
      rerunOf: begun.runId,
      tasks: [{ cell: 'out', state: 'skipped', reason: 'sent again', snapshotId: run.tasks[0].snapshotId }],
    });
    expect(sink.calls.map(({ path }) => path)).toEqual(['/a', '/b']);
    const { json: details } = await owner.call('GET', `/runs/${again.json.runId}/details`);
    expect(details.exports).toMatchObject([{ target: `${sink.url}/b`, state: 'delivered', rows: 3, attempts: 1 }]);
    expect((await owner.call('POST', `/runs/${again.json.runId}/resend`, {})).status).toBe(409);
  });
});
