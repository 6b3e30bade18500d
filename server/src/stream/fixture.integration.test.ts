import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import { untilSeen } from '../testing/stream-runner.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
}, 60_000);
afterAll(() => test.close());

const text = `---
datacraft: 1
title: Visits
---

\`\`\`source visits
type: webhook
columns: { id: integer, t: timestamp, cost: 'decimal(12,2)' }
\`\`\`

\`\`\`sql costs
---
refresh: streaming
---
select id, cost * 2 as double_cost from visits
\`\`\`
`;
const visit = (id: number) => ({ id, t: `2026-01-01T12:00:0${id}.123456`, cost: `${id}.50` });
const rows = async (sql: string) => (await owner.call('POST', '/query', { sql })).json.rows;

describe('a window of a stream, taken as a fixture', () => {
  let id: string;
  let snapshots: string[];
  const take = (body: object, by = owner) => by.call('POST', `/notebooks/${id}/fixtures`, body);
  beforeAll(async () => {
    id = (await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json.id;
    const { json } = await owner.call('POST', `/notebooks/${id}/streams`, { cell: 'visits', commitMs: 250 });
    for (const n of [1, 2, 3]) {
      await owner.call('POST', '/streams/visits/events', [visit(n)]);
      await untilSeen(async () => (await rows('select count(*)::int as n from silver.costs'))?.[0]?.n, n);
    }
    await owner.call('POST', `/streams/${json.id}/pause`);
    const { json: all } = await owner.call('GET', '/tables/bronze/visits/snapshots');
    snapshots = all.map(({ snapshotId }: { snapshotId: string }) => snapshotId).toReversed();
  }, 120_000);

  it('is the rows of then with all their digits, or those that came since, and the same rows are one file', async () => {
    const [first = '', second = ''] = snapshots;
    const all = await take({ table: 'bronze.visits', snapshotId: second });
    expect(all).toMatchObject({ status: 201, json: { rows: 2 } });
    const since = await take({ table: 'bronze.visits', snapshotId: second, since: first });
    expect(since.json.rows).toBe(1);
    expect((await take({ table: 'bronze.visits', snapshotId: second })).json.path).toBe(all.json.path);

    const { json: sniffed } = await owner.call('POST', `/notebooks/${id}/sniff`, {
      config: { type: 'parquet', path: since.json.path },
    });
    expect(sniffed.preview.columns.map(({ type }: { type: string }) => type)).toEqual([
      'INTEGER',
      'TIMESTAMP',
      'DECIMAL(12,2)',
    ]);
    expect(JSON.stringify(sniffed.preview)).toContain('12:00:02.123456');

    // The folder of the notebook is what `datacraft export` and `run` take along.
    const folder = join(test.config.dataDir, 'files', id);
    expect(await readdir(join(folder, 'fixtures'))).toHaveLength(2);
    const away = await mkdtemp(join(tmpdir(), 'datacraft-fixture-'));
    try {
      const main = join(import.meta.dirname, '..', 'cli', 'main.ts');
      const env = {
        ...process.env,
        DATABASE_URL: test.config.databaseUrl ?? '',
        DATACRAFT_DATA_DIR: test.config.dataDir,
      };
      const datacraft = (...args: string[]) => promisify(execFile)(process.execPath, [main, ...args], { env });
      await datacraft('export', id, '--out', away);
      const [name = ''] = await readdir(away);
      const tried = join(away, name, 'tried.md');
      await writeFile(
        tried,
        `---\ndatacraft: 1\n---\n\n\`\`\`source both_taken\ntype: parquet\npath: ${all.json.path}\n\`\`\`\n`,
      );
      const { stdout } = await datacraft('run', tried, '--json');
      expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
        status: 'succeeded',
        tasks: [{ rowsWritten: 2 }],
      });
    } finally {
      await rm(away, { recursive: true });
    }
  }, 120_000);

  it('is taken by who may edit, of tables of this notebook alone, and never empty', async () => {
    const [first = ''] = snapshots;
    expect((await take({ table: 'bronze.visits', snapshotId: first }, await test.member('runner'))).status).toBe(403);
    expect((await take({ table: 'bronze.others', snapshotId: first })).status).toBe(404);
    expect((await take({ table: 'bronze.visits', snapshotId: '1' })).status).toBe(404);
    expect((await take({ table: 'bronze.visits', snapshotId: first, since: first })).json.code).toBe('bad-request');
  });
});
