import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestDatabase } from '@datacraft/migrations/testing';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datacraft as call } from '../testing/datacraft.ts';

let database: TestDatabase;
let folder: string;
const file = (name: string) => path.join(folder, name);
const datacraft = (...args: string[]) => call(args, { DATABASE_URL: database.url, DATACRAFT_DATA_DIR: file('data') });

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'datacraft-cli-'));
  await mkdir(file('in'));
  await writeFile(file('in/orders.csv'), 'id,amount\n1,10\n2,20\n3,-5\n');
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const notebook = `---
datacraft: 1
title: Orders
---

\`\`\`source cli_raw
type: csv
path: ./in/orders.csv
\`\`\`

\`\`\`input least
type: number
default: 0
\`\`\`

\`\`\`sql cli_orders
---
expect:
  - expression: amount >= -100
---
select id, amount
from cli_raw
where amount >= $least
\`\`\`
`;

async function written(name: string, text: string): Promise<string> {
  await writeFile(file(name), text);
  return file(name);
}

describe('datacraft', () => {
  it('imports a dbt project, a script and a folder of data, and says what it leaves out', async () => {
    const dbt = await datacraft('import', path.resolve('engine/src/dbt/testing/bakery'));
    expect([dbt.code, dbt.out]).toEqual([0, expect.stringMatching(/^nb_\w+\n$/)]);
    expect(dbt.err).toContain('models/marts/schema.yml:18:1 warning the test at_least_one');
    await written('week.sql', 'create table week as select 1 as a;\ndrop table x;');
    const script = await datacraft('import', file('week.sql'));
    expect([script.code, script.err]).toEqual([0, expect.stringContaining('week.sql:2:1 warning DROP')]);
    const data = await datacraft('import', file('in'));
    expect((await datacraft('export', data.out.trim())).out).toContain(
      '```source orders\ntype: csv\npath: ./orders.csv\n```',
    );
    expect((await datacraft('import', file('nowhere'))).code).toBe(64);
  });

  it('exports a notebook file as a dbt project, with its rows once it ran, and says what it does not hold', async () => {
    const path = await written('dbt.md', notebook.replaceAll('cli_', 'dbt_'));
    expect((await datacraft('run', path)).code).toBe(0);
    const made = await datacraft('export', path, '--format', 'dbt', '--out', file('project'));
    expect([made.code, made.err]).toEqual([0, expect.stringContaining('dbt_raw: is a csv source')]);
    expect(await readFile(file('project/seeds/dbt_raw.csv'), 'utf8')).toBe('id,amount\n1,10\n2,20\n3,-5\n');
    expect((await datacraft('export', path, '--format', 'word', '--out', file('x'))).code).toBe(64);
  });

  it('checks, plans, runs and skips what is fresh; the last line is JSON', async () => {
    const path = await written('orders.md', notebook);
    const checked = await datacraft('check', path, '--json');
    expect([checked.code, checked.json()]).toEqual([
      0,
      {
        diagnostics: [],
        graph: [
          { cell: 'cli_raw', kind: 'source', dependsOn: [] },
          { cell: 'least', kind: 'input', dependsOn: [] },
          { cell: 'cli_orders', kind: 'sql', dependsOn: ['cli_raw', 'least'] },
        ],
      },
    ]);
    const planned = await datacraft('plan', path, '--json');
    expect(planned.json().stages.map((stage: { reason: string }) => stage.reason)).toEqual(['never ran', 'never ran']);

    const first = await datacraft('run', path, '--json');
    expect([first.code, first.json()]).toMatchObject([
      0,
      {
        status: 'succeeded',
        tasks: [
          {
            cell: 'cli_raw',
            relation: 'bronze.cli_raw',
            state: 'succeeded',
            rowsWritten: 3,
            snapshotId: expect.any(String),
          },
          {
            cell: 'cli_orders',
            relation: 'silver.cli_orders',
            state: 'succeeded',
            rowsWritten: 2,
            durationMs: expect.any(Number),
          },
        ],
      },
    ]);
    const states = (outcome: typeof first) =>
      outcome.json().tasks.map((task: { state: string; reason: string }) => [task.state, task.reason]);
    expect(states(await datacraft('run', path, '--json'))).toEqual([
      ['skipped', 'fresh'],
      ['skipped', 'fresh'],
    ]);
    const other = await datacraft('run', path, '--param', 'least=-50', '--select', 'cli_orders', '--json');
    expect(states(other)).toEqual([
      ['skipped', 'not selected'],
      ['succeeded', 'changed'],
    ]);
    expect(states(await datacraft('run', path, '--select', '+cli_orders', '--full-refresh', '--json'))).toEqual([
      ['succeeded', 'full refresh'],
      ['succeeded', 'full refresh'],
    ]);

    const past = first.json().tasks[1].snapshotId;
    await datacraft('run', path, '--param', 'least=15');
    const count = async (...more: string[]) =>
      JSON.parse(
        (await datacraft('query', 'select count(*)::int as n from silver.cli_orders', '--format', 'json', ...more)).out,
      )[0].n;
    expect([await count(), await count('--as-of', past)]).toEqual([1, 2]);
  });

  it('gives the rows of a query in each format', async () => {
    const sql = 'select 1::bigint as a, null as b, \'x,"y"\' as c, $p as p';
    const query = (format: string) => datacraft('query', sql, '--param', 'p=true', '--format', format);
    expect(JSON.parse((await query('json')).out)).toEqual([{ a: '1', b: null, c: 'x,"y"', p: true }]);
    expect((await query('csv')).out).toBe('a,b,c,p\n1,,"x,""y""",true\n');
    expect((await query('table')).out).toMatch(/NULL[^]*\n1 rows?\n$/);
    const arrow = await datacraft('query', 'select range as a from range(3)', '--format', 'csv');
    expect(arrow.out).toBe('a\n0\n1\n2\n');
  });

  it('counts lines in the file, of findings and of failures, and tells the exit codes apart', async () => {
    const invalid = await written('invalid.md', notebook.replace('from cli_raw', 'from cli_row'));
    const checked = await datacraft('check', invalid, '--json');
    expect(checked.code).toBe(2);
    expect(checked.json().diagnostics).toMatchObject([
      { severity: 'error', code: 'unknown-name', cell: 'cli_orders', line: 22, column: 6, suggestion: 'cli_raw' },
    ]);
    expect((await datacraft('run', invalid, '--json')).code).toBe(2);
    const failing = await written('failing.md', notebook.replace('select id, amount', 'select id, amount,\n  amonut'));
    const ran = await datacraft('run', failing, '--json');
    expect([ran.code, ran.json().status]).toEqual([1, 'failed']);
    expect(ran.json().tasks[1].error).toMatchObject({
      code: 'query-failed',
      line: 22,
      column: 3,
      message: expect.stringContaining('amount'),
    });
    expect((await datacraft('run', await written('ok.md', notebook), '--select', 'nobody')).code).toBe(64);
    expect((await datacraft('run', file('ok.md'), '--param', 'nobody=1')).code).toBe(64);
    expect((await datacraft('check', file('missing.md'))).code).toBe(1);
  });

  it('takes notebooks out and in again with their files, byte for byte', async () => {
    await mkdir(file('books/in'), { recursive: true });
    await writeFile(file('books/in/orders.csv'), 'id,amount\n1,10\n');
    await writeFile(file('books/one.md'), notebook);
    await writeFile(file('books/README.md'), '# no notebook');
    const imported = await datacraft('import', file('books'));
    expect([imported.code, imported.out]).toEqual([0, expect.stringMatching(/^nb_\w+\n$/)]);
    const id = imported.out.trim();
    expect(await readFile(file(`data/files/${id}/in/orders.csv`), 'utf8')).toBe('id,amount\n1,10\n');
    expect((await datacraft('export', id)).out).toBe(notebook);
    await datacraft('export', '--all', '--out', file('out'));
    expect(await readFile(file('out/orders/orders.md'), 'utf8')).toBe(notebook);
    expect(await readFile(file('out/orders/in/orders.csv'), 'utf8')).toBe('id,amount\n1,10\n');
    expect((await datacraft('export', 'nb_nothing')).code).toBe(1);
    await writeFile(file('books/bad.md'), notebook.replace('type: csv', 'tipo: csv'));
    const refused = await datacraft('import', file('books'));
    expect([refused.code, refused.out]).toEqual([2, '']);
    expect(refused.err).toMatch(/bad\.md:\d+:\d+ error/);
  });
});

describe('what is wrong around it', () => {
  const oneLine = /^datacraft [a-z]+: [^\n]+\n$/;

  it.each([
    ['a setting', { DATACRAFT_MEMORY_MB: 'lots' }, 78],
    ['a DATABASE_URL of another kind', { DATABASE_URL: 'mysql://x/y' }, 78],
    ['a database that is not there', { DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none' }, null],
  ])('is one line and a code of its own: %s', async (_, env, code) => {
    const outcome = await call(['query', 'select 1', '--data-dir', file('data')], {
      DATABASE_URL: database.url,
      ...env,
    });
    expect(outcome.err).toMatch(oneLine);
    if (code === null) expect([1, 78]).toContain(outcome.code);
    else expect(outcome.code).toBe(code);
  });

  it('is one line for a port in use and a data folder that is a file', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as net.AddressInfo;
    const start = await call(['start', '--port', String(port), '--data-dir', file('data')], {
      DATABASE_URL: database.url,
    });
    taken.close();
    expect([start.code, start.err]).toEqual([1, expect.stringMatching(/port \d+ is in use/)]);
    const broken = await call(['query', 'select 1', '--data-dir', file('in/orders.csv')], {});
    expect([broken.code, broken.err]).toEqual([78, expect.stringMatching(oneLine)]);
  });
});
