import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileReads, hostileStatements, obfuscated } from '../../../engine/src/security/testing/hostile-sql.ts';
import type { Answer, TestServer, Visitor } from '../testing/test-server.ts';
import { expectAlive, expectRefused, importNotebook, startAttackedServer, stateOf } from './testing/attacked-server.ts';

const NOTEBOOK = `---
datacraft: 1
title: Target
---

\`\`\`input floor
type: number
default: 0
\`\`\`

\`\`\`sql orders
select i as id, 'a' as channel from range(10) t(i)
\`\`\`
`;

let test: TestServer;
let owner: Visitor;
let notebook: string;
let cellId: string;
let secret: string;

beforeAll(async () => {
  test = await startAttackedServer({ DATACRAFT_PREVIEW_TIMEOUT_S: '1' });
  owner = await test.owner();
  notebook = await importNotebook(owner, NOTEBOOK);
  const { runId } = (await owner.call('POST', `/notebooks/${notebook}/runs`, {})).json;
  expect((await finished(runId)).state).toBe('succeeded');
  const { cells } = await test.server.deps.rooms.notebook(notebook);
  cellId = cells.find((cell) => cell.name === 'orders')?.id ?? '';
  secret = `${test.config.dataDir}/secret.csv`;
  await writeFile(secret, 'password\nhunter2\n');
});
afterAll(() => test.close());

async function finished(runId: string) {
  for (;;) {
    const run = (await owner.call('GET', `/runs/${runId}`)).json;
    if (run.finishedAt !== null) return run;
    await sleep(50);
  }
}

/** Everywhere a person's SELECT reaches the engine over HTTP. */
const doors: Record<string, (sql: string) => Promise<Answer>> = {
  query: (sql) => owner.call('POST', '/query', { sql }),
  'query as Arrow': (sql) => owner.call('POST', '/query', { sql }, { accept: 'application/vnd.apache.arrow.stream' }),
  'preview of a source': (source) => owner.call('POST', `/notebooks/${notebook}/preview`, { cellId, source }),
  'preview of a selection': (selection) => owner.call('POST', `/notebooks/${notebook}/preview`, { cellId, selection }),
};

/** Names come back in lower case. */
function withoutWhatWasAsked(text: string): string {
  return text.replaceAll(secret, '').replaceAll(secret.toLowerCase(), '').replaceAll('/proc/self', '');
}

async function refuseAll(texts: readonly string[]): Promise<void> {
  const before = await stateOf(test);
  for (const [door, ask] of Object.entries(doors)) {
    const answers = await Promise.all(texts.map((text) => ask(text)));
    answers.forEach((answer, index) => {
      const label = `${door}: ${texts[index]?.slice(0, 200)}`;
      // What somebody wrote may be told back to them; what the server knows may not.
      expectRefused({ ...answer, text: withoutWhatWasAsked(answer.text) }, label);
      expect([label, answer.text.includes('hunter2')]).toEqual([label, false]);
    });
  }
  expect(await stateOf(test)).toBe(before);
  expect(await readFile(secret, 'utf8')).toBe('password\nhunter2\n');
  expect(existsSync('/tmp/datacraft-escape.csv')).toBe(false);
  expect(existsSync('/tmp/datacraft-escape')).toBe(false);
  await expectAlive(test, owner);
}

describe('SQL that reaches for more than rows', () => {
  it('reads no file, catalogue, setting or text as SQL, wherever it stands in the statement', () =>
    refuseAll(hostileReads(secret)));
  it('is no other statement than one SELECT, alone or behind one', () => refuseAll(hostileStatements(secret)));
  it('is found out in every disguise', () => refuseAll(obfuscated(secret)));

  it('reads no table that was not published, and no other scheme than the layers', () =>
    refuseAll(
      [
        'main.orders',
        'silver.nobody',
        'gold.orders',
        'bronze."../x"',
        'memory.silver.orders',
        '"silver.orders"',
        'temp.orders',
        'pg.users',
        'public.users',
        'silver.orders_rejects',
      ].map((name) => `select * from ${name}`),
    ));
});

describe('SQL that exhausts', () => {
  const greedy: Record<string, string> = {
    'a repetition': "select length(repeat('x', 2000000000))",
    parentheses: `select ${'('.repeat(100_000)}1${')'.repeat(100_000)}`,
    lists: `select ${'['.repeat(100_000)}1${']'.repeat(100_000)}`,
    'a recursion without end': 'with recursive r as (select 1 n union all select n + 1 from r) select count(*) from r',
    'a cross join': 'select count(*) from range(1000000000) a, range(1000000) b where a.range * b.range = -1',
    'a list of all': "select list(range || repeat('x', 1000)) from range(100000000)",
    'a long text': `select '${'x'.repeat(900_000)}' || repeat('y', 1900000000)`,
    'ten thousand unions': Array.from({ length: 20_000 }, (_, i) => `select ${i}`).join(' union all '),
    'a deep view of itself': `with ${Array.from({ length: 60 }, (_, i) => `t${i + 1} as (select * from t${i} a, t${i} b)`).join(', ')} from t60`,
  };
  it.each(Object.entries(greedy))(
    'is stopped: %s',
    async (name, sql) => {
      const answer = await owner.call('POST', '/query', { sql });
      if (answer.status < 300) expect(answer.json.rowCount, name).toBeGreaterThan(0);
      else
        expect([name, [413, 422, 403, 504, 400].includes(answer.status), answer.text.slice(0, 300)]).toEqual([
          name,
          true,
          answer.text.slice(0, 300),
        ]);
      await expectAlive(test, owner);
    },
    60_000,
  );

  it('is refused before it is read when it is 50 MB', async () => {
    const body = JSON.stringify({ sql: `select '${'x'.repeat(50_000_000)}'` });
    expectRefused(await owner.call('POST', '/query', body, { 'content-type': 'application/json' }), '50 MB', [413]);
    expectRefused(
      await owner.call('POST', '/query', { sql: `select '${'x'.repeat(1_500_000)}'` }),
      '1.5 MB',
      [400, 413, 422],
    );
    await expectAlive(test, owner);
  });
});

const injections = [
  `"; drop table x; --`,
  `'; drop table x; --`,
  `x" from read_text('/etc/passwd') --`,
  `x') from read_text('/etc/passwd') --`,
  `$floor`,
  `getvariable('floor')`,
  `*`,
  `1; select 2`,
  `(select content from read_text('/etc/passwd'))`,
  `\u0000x`,
  `\\'; select 1 --`,
  `__proto__`,
];

describe('values and names', () => {
  it('are values: what they spell is what comes back', async () => {
    for (const value of injections.filter((text) => !text.includes('\u0000'))) {
      const answer = await owner.call('POST', '/query', { sql: 'select $v as v', params: { v: value } });
      expect([value, answer.json.rows]).toEqual([value, [{ v: value }]]);
    }
    const many = await owner.call('POST', '/query', {
      sql: 'select len($v)::int as n',
      params: { v: injections.slice(0, 5) },
    });
    expect(many.json.rows).toEqual([{ n: 5 }]);
  });

  it('of parameters open nothing', async () => {
    for (const name of injections) {
      const answer = await owner.call('POST', '/query', { sql: 'select 1 as n', params: { [name]: 'x' } });
      if (answer.status === 200) expect(answer.json.rows).toEqual([{ n: 1 }]);
      else expectRefused(answer, name);
    }
    await expectAlive(test, owner);
  });

  it('of columns come back as they are, __proto__ too', async () => {
    for (const name of ['__proto__', 'constructor', '<img src=x onerror=alert(1)>', '"; --', 'a b']) {
      const { json } = await owner.call('POST', '/query', { sql: `select 1 as "${name.replaceAll('"', '""')}"` });
      expect(json.columns[0].name).toBe(name);
      expect(Object.hasOwn(json.rows[0], name)).toBe(true);
    }
    expect(({} as Record<string, unknown>)['0']).toBeUndefined();
  });

  it('of moments are moments', async () => {
    for (const asOf of [...injections, '2020-01-01', '99999999999999999999', '-1', 1e300, 'latest']) {
      const answer = await owner.call('POST', '/query', { sql: 'select * from silver.orders', asOf });
      expect([asOf, answer.status < 500]).toEqual([asOf, true]);
      expectRefused(answer, String(asOf));
    }
  });

  it('in the parameters of a preview and a run fit their input or are refused', async () => {
    for (const value of [...injections, [1, 2], true, null, 1e400, '1e999', 'NaN']) {
      const params = { floor: value };
      const preview = await owner.call('POST', `/notebooks/${notebook}/preview`, {
        cellId,
        source: 'select $floor as f',
        params,
      });
      if (preview.status !== 200) expectRefused(preview, String(value));
    }
    const unknown = await owner.call('POST', `/notebooks/${notebook}/preview`, {
      cellId,
      source: 'select 1',
      params: { nobody: 1 },
    });
    expectRefused(unknown, 'an unknown input');
  });
});

/** Places in a notebook's config that become part of a statement; `@` stands for the hostile text as a YAML string. */
const config: Record<string, string> = {
  expression: '```sql a\n---\nexpect:\n  - expression: @\n---\nselect 1 as x\n```',
  not_null: '```sql a\n---\nexpect:\n  - not_null: [@]\n---\nselect 1 as x\n```',
  unique: '```sql a\n---\nexpect:\n  - unique: @\n---\nselect 1 as x\n```',
  accepted_values: '```sql a\n---\nexpect:\n  - accepted_values: { column: @, values: [@] }\n---\nselect 1 as x\n```',
  relationships: '```sql a\n---\nexpect:\n  - relationships: { column: x, to: @ }\n---\nselect 1 as x\n```',
  freshness: '```sql a\n---\nexpect:\n  - freshness: { column: @, max_age: 1 day }\n---\nselect 1 as x\n```',
  unique_key: '```sql a\n---\nmaterialize: incremental\nstrategy: merge\nunique_key: @\n---\nselect 1 as x\n```',
  sequence_by:
    '```sql a\n---\nmaterialize: incremental\nstrategy: merge\nunique_key: x\nsequence_by: @\n---\nselect 1 as x\n```',
  time_column:
    '```sql a\n---\nmaterialize: incremental\nstrategy: replace_interval\ntime_column: @\ninterval: day\n---\nselect current_date as x\n```',
  partition_by: '```sql a\n---\npartition_by: [@]\n---\nselect 1 as x\n```',
  'json type': '```source a\ntype: json\npath: ROWS\nrejects: table\ncolumns: { extra: @ }\n```',
  'csv type': '```source a\ntype: csv\npath: CSV\ncolumns: { a: @ }\n```',
  delimiter: '```source a\ntype: csv\npath: CSV\ndelimiter: @\n```',
  date_format: '```source a\ntype: csv\npath: CSV\ndate_format: @\n```',
  encoding: '```source a\ntype: csv\npath: CSV\nencoding: @\n```',
  records: '```source a\ntype: json\npath: ROWS\nrecords: @\n```',
  table: '```source a\ntype: table\ntable: @\n```',
  'chart from': '```chart a\nfrom: @\ntype: bar\nx: id\ny: id\n```',
  'chart x': '```chart a\nfrom: silver.orders\ntype: bar\nx: @\ny: { column: @, aggregate: sum }\n```',
  'chart aggregate': '```chart a\nfrom: silver.orders\ntype: bar\nx: id\ny: { column: id, aggregate: @ }\n```',
  'chart color': '```chart a\nfrom: silver.orders\ntype: scatter\nx: id\ny: id\ncolor: @\n```',
  'input options': '```input a\ntype: select\noptions:\n  from: silver.orders\n  column: @\n```',
  'input from': '```input a\ntype: select\noptions:\n  from: @\n  column: id\n```',
};
const reaching = [
  `x from read_text('SECRET')`,
  `varchar), (select string_agg(value) from duckdb_settings()`,
  `true); copy (select 1) to '/tmp/datacraft-escape.csv'; select (true`,
  `x" from read_text('SECRET') --`,
  `current_setting('temp_directory') <> ''`,
];

describe('config that becomes SQL', () => {
  it.each(Object.keys(config))(
    'is a name, a type or one expression over the row: %s',
    async (place) => {
      const form = new FormData();
      form.set('file', new Blob(['{"a": 1}\n{"a": "x"}\n{broken\n']), 'rows.json');
      const rows = (await owner.call('POST', '/files', form)).json.path;
      form.set('file', new Blob(['a,b\n1,2020-01-01\n']), 'rows.csv');
      const csv = (await owner.call('POST', '/files', form)).json.path;
      const turn = Object.keys(config).indexOf(place);
      // Three of them in each place, turning round.
      const texts = reaching.filter((_, index) => (index + turn) % reaching.length < 3);
      const runs = texts.map(async (text) => {
        const yaml = JSON.stringify(text.replaceAll('SECRET', secret));
        const cell = (config[place] ?? '')
          .replaceAll('@', () => yaml)
          .replaceAll('ROWS', rows)
          .replaceAll('CSV', csv);
        const made = await owner.call('POST', '/notebooks/import', `---\ndatacraft: 1\ntitle: x\n---\n\n${cell}\n`, {
          'content-type': 'text/markdown',
        });
        expect([text, made.status < 500]).toEqual([text, true]);
        if (made.status !== 201) return;
        const id: string = made.json.id;
        const target = (await test.server.deps.rooms.notebook(id)).cells.find((each) => each.name === 'a');
        if (!target) return;
        const seen: unknown[] = [];
        const preview = await owner.call('POST', `/notebooks/${id}/preview`, { cellId: target.id });
        seen.push(preview.text);
        if (target.kind === 'source')
          seen.push((await owner.call('POST', `/notebooks/${id}/sniff`, { config: target.config })).text);
        const { runId } = (await owner.call('POST', `/notebooks/${id}/runs`, {})).json;
        if (runId !== undefined) {
          const report = await finished(runId);
          seen.push(JSON.stringify(report));
        }
        const layout = await owner.call('POST', `/notebooks/${id}/dashboard/preview`, {});
        seen.push(layout.text);
        for (const said of seen) {
          expect([
            text,
            /hunter2|temp_directory|allowed_directories/.exec(
              String(said).replaceAll(JSON.stringify(text).slice(1, -1), ''),
            ),
          ]).toEqual([text, null]);
        }
        await owner.call('DELETE', `/notebooks/${id}`);
      });
      await Promise.all(runs);
      expect(existsSync('/tmp/datacraft-escape.csv')).toBe(false);
      await expectAlive(test, owner);
    },
    90_000,
  );
});
