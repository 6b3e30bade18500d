import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
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

const KILLS = 4;

const windows = `select time_bucket(interval '10 seconds', t) as w, k, count(*)::int as n, sum(v)::int as v from visits group by all`;
const sessions = `with marked as (
  select *, t - lag(t) over (partition by k order by t) > interval '6 seconds' as starts from visits
), numbered as (
  select *, count(*) filter (starts) over (partition by k order by t) as session from marked
)
select k, min(t) as began, max(t) as ended, count(*)::int as n from numbered group by k, session`;
const cell = (name: string, sql: string, output = 'update') =>
  `\n\`\`\`sql ${name}\n---\nrefresh: streaming\nlateness: 3 seconds\noutput: ${output}\n---\n${sql}\n\`\`\`\n`;
const text = `---\ndatacraft: 1\ntitle: Visits\n---\n\n\`\`\`source visits
type: webhook
key: id
watermark: { column: t, delay: 2 seconds }
columns: { id: integer, t: timestamp, k: integer, v: integer }
\`\`\`
${cell('windows', windows)}${cell('sessions', sessions)}${cell('finished', windows, 'final')}`;

const rows = async (sql: string): Promise<unknown[][]> => {
  const { json } = await owner.call('POST', '/query', { sql });
  return json.rows.map((row: object) => Object.values(row));
};

describe('cells that are made of a live stream', () => {
  it('Y1 Y2 T1 kill -9 of their runner at random moments leaves what the same text makes of all rows that were not late, and once what is final of it', async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    console.log(`kill -9 of runners of streaming cells: seed ${seed}`);
    const random = randomOf(seed);
    const { json: notebook } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
    const { json: stream } = await owner.call('POST', `/notebooks/${notebook.id}/streams`, {
      cell: 'visits',
      commitMs: 250,
    });
    let [next, clock] = [0, 0];
    const wave = async (size: number) => {
      const events = Array.from({ length: size }, () => {
        clock += random() * 0.5;
        const behind = random() < 0.2 ? random() * 20 : random() * 2;
        const t = new Date(Date.UTC(2026, 0, 1) + Math.max(0, clock - behind) * 1_000).toISOString();
        return { id: next++, t, k: Math.floor(random() * 3), v: Math.floor(random() * 100) };
      });
      const { json } = await owner.call('POST', '/streams/visits/events', events);
      expect(json.accepted).toBe(size);
    };
    await wave(40);
    for (let kill = 0; kill < KILLS; kill += 1) {
      for (let each = 0; each < 3; each += 1) {
        await wave(10 + Math.floor(random() * 30));
        await sleep(random() * 500);
      }
      await killRunner(test, stream.id);
    }
    await wave(30);
    await untilSeen(() => rows('select count(*)::int from bronze.visits'), [[next]]);
    const { json } = await owner.call('GET', `/streams/${stream.id}`);
    expect(json).toMatchObject({ state: 'live', rows: next, progress: { failedCells: {} } });
    for (const [name, sql] of [
      ['windows', windows],
      ['sessions', sessions],
    ] as const) {
      const inTime = `(select * from bronze.visits where id not in (select id from silver.${name}_late)) as visits`;
      const batch = await rows(`select * from (${sql.replace(/from visits/, `from ${inTime}`)}) order by all`);
      expect(await rows(`select * from silver.${name} order by all`), `${name}, seed ${seed}`).toEqual(batch);
      const [late] = await rows(
        `select count(*)::int, count(distinct id)::int, (count(*) filter (t < _bound))::int from silver.${name}_late`,
      );
      expect(late?.[1]).toBe(late?.[0]);
      expect(late?.[2]).toBe(late?.[0]);
      expect(json.progress.cells[name]).toMatchObject({ late: late?.[0] });
    }
    const ended = `select * from silver.windows where w + interval '10 seconds' <= '${json.progress.cells.windows.bound.replace('Z', '')}'::timestamp order by all`;
    const finished = await rows('select * from silver.finished order by all');
    expect(finished, `finished, seed ${seed}`).toEqual(await rows(ended));
    expect(finished.length).toBeGreaterThan(3);
    await owner.call('POST', `/streams/${stream.id}/pause`);
  }, 400_000);
});
