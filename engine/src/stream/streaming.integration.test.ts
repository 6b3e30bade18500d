import { createTestDatabase } from '@datacraft/migrations/testing';
import { inPortuguese } from '@datacraft/shared/portuguese';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTable } from '../iceberg/load-table.ts';
import type { Span } from '../run/trace.ts';
import { listLanes } from '../store/stream-lanes.ts';
import type { Workshop } from '../run/testing/workshop.ts';
import { createWorkshop } from '../run/testing/workshop.ts';
import { createStreamBench } from './testing/stream-bench.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const start = Date.UTC(2026, 0, 1, 12);
const at = (seconds: number) => new Date(start + seconds * 1_000);
const sale = (n: number, seconds: number, v = 1) => ({ n, t: at(seconds).toISOString(), v });

const source = (name: string, more = '') =>
  `\`\`\`source ${name}\ntype: webhook\nwatermark: { column: t, delay: 5 seconds }\ncolumns: { n: integer, t: timestamp, v: integer }\n${more}\`\`\`\n`;
const cell = (name: string, sql: string, header = '') =>
  `\n\`\`\`sql ${name}\n---\nrefresh: streaming\n${header}---\n${sql}\n\`\`\`\n`;
const minutes = `select time_bucket(interval '1 minute', t) as minute, count(*)::int as n, sum(v)::int as v from`;

describe('a cell that is made of a stream', () => {
  it('Y1 Y2 is corrected until its windows are final, and what is later lies in its late table', async () => {
    const text = source('sold') + cell('by_minute', `${minutes} sold group by all`, 'lateness: 20 seconds\n');
    const bench = await createStreamBench(shop, 'first', text);
    const table = () => shop.rows(`select strftime(minute, '%H:%M') as m, n, v from silver.by_minute order by all`);
    const commit = async (events: object[], seconds: number) => {
      await bench.push('sold', events);
      const outcome = await bench.commit('sold', at(seconds));
      expect(outcome?.failedCells).toEqual({});
    };
    await commit([sale(1, 10), sale(2, 50)], 60);
    expect(await table()).toEqual([['12:00', 2, 2]]);
    await commit([sale(3, 70), sale(4, 30, 5)], 80);
    expect(await table()).toEqual([
      ['12:00', 3, 7],
      ['12:01', 1, 1],
    ]);
    await commit([sale(5, 200)], 200);
    await commit([sale(6, 30), sale(7, 190)], 210);
    expect(await table()).toEqual([
      ['12:00', 3, 7],
      ['12:01', 1, 1],
      ['12:03', 2, 2],
    ]);
    expect(await shop.rows('select n, _stream, _bound::varchar from silver.by_minute_late')).toEqual([
      [6, 'sold', '2026-01-01 12:02:55'],
    ]);
    expect(await shop.rows('select count(*)::int from silver.by_minute_state')).toEqual([[2]]);
  }, 60_000);

  it('tells each commit as a span with its source, its rows and what its cells asked, and nothing where nothing came', async () => {
    const spans: Span[] = [];
    const deps = {
      ...shop.deps,
      spans: { send: (span: Span) => void spans.push(span), flush: () => Promise.resolve() },
    };
    const text = source('traced') + cell('by_traced', `${minutes} traced group by all`);
    const bench = await createStreamBench({ ...shop, deps }, 'traced', text);
    await bench.push('traced', [sale(1, 10), sale(2, 50)]);
    await bench.commit('traced', at(60));
    await bench.commit('traced', at(70));
    await bench.push('traced', [sale(3, 65)]);
    await bench.commit('traced', at(80));
    const commits = spans.filter(({ name }) => name === 'commit');
    expect(commits.map(({ parentId, error, attributes }) => [parentId, error, attributes['datacraft.rows']])).toEqual([
      [null, null, 2],
      [null, null, 1],
    ]);
    const facts = { 'datacraft.cell': 'traced', 'datacraft.source.type': 'webhook', 'datacraft.tables': 2 };
    expect(commits[0]?.attributes).toMatchObject(facts);
    expect(new Set(commits.map(({ traceId }) => traceId)).size).toBe(2);
    const queries = spans.filter(({ name }) => name === 'query');
    expect(queries.length).toBeGreaterThan(2);
    expect(queries.every(({ parentId }) => commits.some(({ spanId }) => spanId === parentId))).toBe(true);
  }, 60_000);

  it('Y3 writes its open rows anew and lets final ones lie, and is made anew of all rows when some were missed', async () => {
    const rule = 'expect:\n  - expression: v < 100\n';
    const text = source('told') + cell('by_time', `${minutes} told group by all`, rule);
    const bench = await createStreamBench(shop, 'second', text);
    const ref = { layer: 'silver', name: 'by_time' } as const;
    const files = async () => (await loadTable(shop.deps.db, shop.deps.lake, ref))?.files ?? [];
    const commit = async (events: object[], seconds: number) => {
      await bench.push('told', events);
      return (await bench.commit('told', at(seconds)))?.failedCells;
    };
    for (let minute = 0; minute < 4; minute += 1)
      expect(await commit([sale(minute, minute * 60 + 30)], minute * 60 + 30)).toEqual({});
    const before = await files();
    expect(await commit([sale(4, 270), sale(5, 275)], 280)).toEqual({});
    const after = await files();
    expect(before.filter((file) => !after.includes(file))).toHaveLength(1);
    expect(before.filter((file) => after.includes(file)).length).toBeGreaterThan(1);

    expect(await commit([sale(6, 290, 500)], 290)).toEqual({ by_time: expect.stringContaining('v < 100') });
    expect(await commit([sale(7, 30, -500), sale(8, 295, -500)], 300)).toEqual({});
    const wanted = await shop.rows(`select * from (${minutes} bronze.told group by all) order by all`);
    expect(await shop.rows('select * from silver.by_time order by all')).toEqual(wanted);
    expect(await shop.rows('select count(*)::int from silver.by_time_late')).toEqual([[0]]);
  }, 120_000);

  it('tells in both languages which cells could not be made, and those that wait for one of them', async () => {
    const rule = 'expect:\n  - expression: v < 100\n';
    const below = cell('above_it', 'select minute, v from by_second_source');
    const text = source('failing') + cell('by_second_source', `${minutes} failing group by all`, rule) + below;
    const bench = await createStreamBench(shop, 'failing', text);
    await bench.push('failing', [sale(1, 10)]);
    expect((await bench.commit('failing', at(20)))?.progress).toMatchObject({ failedCells: {}, failedTables: [] });
    await bench.push('failing', [sale(2, 15, 500)]);
    const { failedCells = {}, failedSaid = {}, ...told } = (await bench.commit('failing', at(30)))?.progress ?? {};
    expect(told).toMatchObject({
      tables: ['bronze.failing'],
      failedTables: ['silver.by_second_source', 'silver.above_it'],
    });
    expect(failedCells).toEqual({
      by_second_source: expect.stringContaining('v < 100'),
      above_it: 'blocked by by_second_source: it failed, so this cell keeps its last good result',
    });
    const words = ([name, why]: [string, string]) => inPortuguese(failedSaid[name] ?? why);
    expect(Object.entries(failedCells).map(words)).toEqual([
      expect.stringMatching(/v < 100.*(linha|regra)/),
      expect.stringContaining('bloqueada por by_second_source'),
    ]);
  }, 60_000);

  it('is the same table after a run of its notebook, and a commit goes on from there', async () => {
    const text = source('heard') + cell('counted', `${minutes} heard group by all`);
    const bench = await createStreamBench(shop, 'third', text);
    await bench.push('heard', [sale(1, 10), sale(2, 130)]);
    await bench.commit('heard', at(130));
    await bench.run(at(140));
    await bench.push('heard', [sale(3, 140)]);
    expect((await bench.commit('heard', at(150)))?.failedCells).toEqual({});
    expect(await shop.rows('select n from silver.counted order by minute')).toEqual([[1], [2]]);
  }, 120_000);

  it('tells each partition of its streams, which of them holds the watermark back, and keeps that over a restart', async () => {
    const columns = 'columns: { n: integer, t: timestamp, v: integer, _partition: bigint }';
    const fed = `\`\`\`source fed\ntype: webhook\nwatermark: { column: t, delay: 5 seconds, idle: 30 seconds }\n${columns}\n\`\`\`\n`;
    const text = fed + cell('by_fed', `${minutes} fed group by all`);
    const of = (partition: number, n: number, seconds: number) => ({ ...sale(n, seconds), _partition: partition });
    const first = await createStreamBench(shop, 'lanes', text);
    const seen = async (bench: typeof first, events: object[], seconds: number) => {
      await bench.push('fed', events);
      const outcome = await bench.commit('fed', at(seconds));
      const told = outcome?.progress.cells?.['by_fed'];
      const lanes = told?.partitions?.map((each) => [each.lane, each.isIdle, each.holdsBack, each.late]);
      expect(told?.partitions?.reduce((sum, { late }) => sum + (late ?? NaN), 0)).toBe(told?.late);
      return { watermark: told?.watermark, lanes };
    };
    expect(await seen(first, [of(0, 1, 100), of(1, 2, 70)], 100)).toEqual({
      watermark: at(65).toISOString(),
      lanes: [
        ['0', false, false, 0],
        ['1', false, true, 0],
      ],
    });
    const again = await createStreamBench(shop, 'lanes', text, first.leases);
    expect(await seen(again, [of(0, 3, 140), of(0, 4, 10)], 140)).toEqual({
      watermark: at(135).toISOString(),
      lanes: [
        ['0', false, true, 1],
        ['1', true, false, 0],
      ],
    });
    expect(await shop.rows('select n from silver.by_fed_late')).toEqual([[4]]);
    const lanes = await listLanes(shop.deps.db, again.leases.get('fed')?.streamId ?? '');
    expect(lanes).toMatchObject([{ lane: '0', rows: 4, rejected: 0, rate: 0.4 }]);
  }, 60_000);
});
