import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, OpenedLetter, StreamLetters } from '@datacraft/shared';
import { readNotebook, setConfigKey } from '@datacraft/shared/ydoc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import { datacraft } from '../testing/datacraft.ts';
import { randomOf } from '../testing/random.ts';
import { killRunner, untilSeen } from '../testing/stream-runner.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
}, 60_000);
afterAll(() => test.close());

const source = (name: string, more: string) => `\`\`\`source ${name}\ntype: webhook\nrejects: table\n${more}\`\`\``;
const sums = (name: string) =>
  `\`\`\`sql ${name}_sum\n---\nlayer: gold\n---\nselect count(*)::int as n, sum(try_cast(total as decimal(18,2)))::varchar as total from ${name}\n\`\`\``;

async function imported(title: string, cells: string): Promise<string> {
  const text = `---\ndatacraft: 1\ntitle: ${title}\n---\n\n${cells}\n`;
  const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  return json.id;
}

/** As an edit of the cell does. */
async function mend(notebookId: string, name: string, key: string, value: Json): Promise<void> {
  await test.server.deps.rooms.change(notebookId, (doc) => {
    const cell = readNotebook(doc).cells.find((each) => each.name === name);
    if (cell) setConfigKey(doc, cell.id, key, value, 'server');
  });
}

const push = (name: string, body: unknown) => owner.call('POST', `/streams/${name}/events`, body);
const rows = async (sql: string): Promise<unknown[][]> => {
  const { json } = await owner.call('POST', '/query', { sql });
  return json.rows.map((row: object) => Object.values(row));
};
const start = async (id: string, cell: string) =>
  (await owner.call('POST', `/notebooks/${id}/streams`, { cell, commitMs: 250 })).json;
const letters = async (id: string): Promise<StreamLetters> => (await owner.call('GET', `/streams/${id}/letters`)).json;

const replay = (id: string, ids?: readonly string[]) =>
  owner.call('POST', `/streams/${id}/letters/replay`, ids ? { letters: ids } : {});
const lastReplay = async (id: string) => {
  const { state, landed, kept } = (await letters(id)).replays[0] ?? {};
  return [state, landed, kept];
};
const held = async (name: string) => rows(`select id, total::varchar as total from bronze.${name} order by id`);

describe('rows that a stream sets aside', () => {
  it('A1 A2 lie with their message beside the table, and land once when they are read again with the mended cell', async () => {
    const id = await imported(
      'Aside',
      `${source('aside', 'columns: { id: integer, total: integer }\n')}\n\n${sums('aside')}`,
    );
    const stream = await start(id, 'aside');
    await push('aside', [
      { id: 1, total: 10 },
      { id: 2, total: 3_000_000_000 },
      { id: 3, total: 'many' },
    ]);
    await untilSeen(() => held('aside'), [[1, '10']]);
    const page = await letters(stream.id);
    expect(page).toMatchObject({ total: 2, replayable: 2 });
    expect(page.letters.toSorted((a, b) => Number(a.offset) - Number(b.offset))).toMatchObject([
      {
        topic: 'bronze.aside',
        partition: 0,
        column: 'total',
        raw: '{"id":2,"total":3000000000}',
        attempts: 0,
        isCurrentVersion: true,
      },
      {
        raw: '{"id":3,"total":"many"}',
        reason: 'total: could not convert many to integer',
        reasonSaid: { values: { column: 'total', value: 'many', type: 'integer' } },
      },
    ]);
    const [bad] = page.letters.filter(({ raw }) => raw.includes('many'));
    const opened: OpenedLetter = (await owner.call('GET', `/streams/${stream.id}/letters/${bad?.letter}`)).json;
    expect(Buffer.from(opened.bytes ?? '', 'base64').toString()).toBe('{"id":3,"total":"many"}');

    await mend(id, 'aside', 'columns', { id: 'integer', total: 'bigint' });
    expect((await replay(stream.id)).status).toBe(202);
    await untilSeen(() => lastReplay(stream.id), ['done', 1, 1]);
    expect(await held('aside')).toEqual([
      [1, '10'],
      [2, '3000000000'],
    ]);
    await untilSeen(() => rows('select n, total from gold.aside_sum'), [[2, '3000000010.00']]);
    expect((await letters(stream.id)).letters).toMatchObject([
      { letter: bad?.letter, attempts: 1, raw: '{"id":3,"total":"many"}' },
    ]);

    await replay(stream.id, [bad?.letter ?? '']);
    await untilSeen(() => lastReplay(stream.id), ['done', 0, 1]);
    await mend(id, 'aside', 'columns', { id: 'integer', total: 'varchar' });
    await replay(stream.id, [bad?.letter ?? '']);
    await untilSeen(() => lastReplay(stream.id), ['done', 1, 0]);
    await replay(stream.id);
    await untilSeen(() => lastReplay(stream.id), ['done', 0, 0]);
    expect(await held('aside')).toEqual([
      [1, '10'],
      [2, '3000000000'],
      [3, 'many'],
    ]);
    expect(await letters(stream.id)).toMatchObject({ total: 0, letters: [] });
    await push('aside', { id: 4, total: 'few' });
    await untilSeen(async () => (await held('aside')).length, 4);
    await owner.call('POST', `/streams/${stream.id}/pause`);
  }, 240_000);

  it('A1 of a paused stream are read again too, and the stream stays paused', async () => {
    const id = await imported('Held', source('held', 'columns: { id: integer, total: integer }\n'));
    const stream = await start(id, 'held');
    await push('held', [
      { id: 1, total: 1 },
      { id: 2, total: 'two' },
    ]);
    await untilSeen(() => held('held'), [[1, '1']]);
    await owner.call('POST', `/streams/${stream.id}/pause`);
    await push('held', { id: 3, total: 3 });
    await mend(id, 'held', 'columns', { id: 'integer', total: 'varchar' });
    await replay(stream.id);
    await untilSeen(() => lastReplay(stream.id), ['done', 1, 0]);
    expect(await held('held')).toEqual([
      [1, '1'],
      [2, 'two'],
    ]);
    expect((await owner.call('GET', `/streams/${stream.id}`)).json).toMatchObject({ state: 'paused', letters: 0 });
  }, 240_000);

  it('stop the stream when they are more than max_bad_ratio, and nothing of them is written', async () => {
    const id = await imported(
      'Ratio',
      source('ratio', 'max_bad_ratio: 0.1\ncolumns: { id: integer, total: integer }\n'),
    );
    const stream = await start(id, 'ratio');
    await push(
      'ratio',
      Array.from({ length: 20 }, (_, at) => ({ id: at, total: at === 7 ? 'x' : at })),
    );
    await untilSeen(async () => (await held('ratio')).length, 19);
    await push(
      'ratio',
      Array.from({ length: 10 }, (_, at) => ({ id: 100 + at, total: 'x' })),
    );
    const state = async () => (await owner.call('GET', `/streams/${stream.id}`)).json;
    await untilSeen(async () => (await state()).state, 'failed');
    expect((await state()).error.message).toContain(
      '11 of 30 rows (36.7 %) could not be read, more than max_bad_ratio: 0.1',
    );
    expect(await letters(stream.id)).toMatchObject({ total: 1 });
  }, 240_000);

  it('are looked at by who may see the notebook, and read again by who may run it', async () => {
    const id = await imported('Walls', source('walls', 'columns: { id: integer, total: integer }\n'));
    const stream = await start(id, 'walls');
    const viewer = await test.member('viewer');
    expect((await viewer.call('GET', `/streams/${stream.id}/letters`)).status).toBe(200);
    expect((await viewer.call('POST', `/streams/${stream.id}/letters/replay`, {})).status).toBe(403);
    await test.server.deps.pool.query(`update notebooks set access = 'invited' where id = $1`, [id]);
    expect((await viewer.call('GET', `/streams/${stream.id}/letters`)).status).toBe(404);
    await owner.call('POST', `/streams/${stream.id}/pause`);
  });
});

describe('datacraft letters', () => {
  it('lists what a stream set aside and has it read again, also where no server runs streams', async () => {
    const id = await imported('Typed', source('typed', 'columns: { id: integer, total: integer }\n'));
    const stream = await start(id, 'typed');
    await push('typed', [
      { id: 1, total: 1 },
      { id: 2, total: 'two' },
    ]);
    await untilSeen(() => held('typed'), [[1, '1']]);
    await owner.call('POST', `/streams/${stream.id}/pause`);
    const env = { DATABASE_URL: test.database.url, DATACRAFT_DATA_DIR: test.config.dataDir };
    const listed = await datacraft(['letters', 'bronze.typed', '--json'], env);
    expect(listed.json()).toMatchObject({ total: 1, letters: [{ raw: '{"id":2,"total":"two"}' }] });
    expect((await datacraft(['letters', 'bronze.typed'], env)).out).toContain('could not convert two');
    await mend(id, 'typed', 'columns', { id: 'integer', total: 'varchar' });
    const done = await datacraft(['letters', 'bronze.typed', '--replay'], env);
    expect([done.code, done.out.trim()]).toEqual([0, '1 landed, 0 broke again']);
    expect(await held('typed')).toEqual([
      [1, '1'],
      [2, 'two'],
    ]);
    expect((await datacraft(['letters', 'bronze.typed'], env)).out).toContain('nothing is set aside');
    expect((await datacraft(['letters', 'bronze.nothing'], env)).err).toContain('no live stream fills bronze.nothing');
  }, 240_000);
});

const KILLS = 6;

describe('a replay', () => {
  it('A1 whose runner is killed at random moments moves each letter once', async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`kill -9 of replays: seed ${seed}`);
    const random = randomOf(seed);
    const id = await imported('Torn', source('torn', 'columns: { id: integer, total: integer }\n'));
    const stream = await start(id, 'torn');
    const events = Array.from({ length: 6_000 }, (_, at) => ({ id: at, total: at % 100 === 0 ? at : `n${at}` }));
    await push('torn', events);
    await untilSeen(async () => (await letters(stream.id)).total, 5_940);
    await mend(id, 'torn', 'columns', { id: 'integer', total: 'varchar' });
    for (let kill = 0; kill < KILLS; kill += 1) {
      await replay(stream.id);
      await sleep(random() * 1_500);
      await killRunner(test, stream.id);
    }
    await replay(stream.id);
    await untilSeen(async () => (await lastReplay(stream.id))[0], 'done');
    const all = 'select count(*)::int as n, count(distinct id)::int as d, sum(id)::int as s from bronze.torn';
    expect(await rows(all)).toEqual([[6_000, 6_000, (5_999 * 6_000) / 2]]);
    const page = await letters(stream.id);
    expect([page.total, page.replays.reduce((sum, each) => sum + each.landed, 0)]).toEqual([0, 5_940]);
    await owner.call('POST', `/streams/${stream.id}/pause`);
  }, 400_000);
});
