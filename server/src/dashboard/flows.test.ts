import type { StreamStanding } from '@datacraft/engine';
import { describe, expect, it } from 'vitest';
import { flowsOf } from './flows.ts';

const now = Date.parse('2026-11-30T12:00:00Z');
const ago = (seconds: number) => new Date(now - seconds * 1_000).toISOString();
const stream = (relation: string, more: Partial<StreamStanding> = {}): StreamStanding => ({
  notebookId: 'nb_1',
  relation,
  state: 'live',
  stateSince: ago(3_600),
  startedAt: ago(3_600),
  running: true,
  commitMs: 1_000,
  lastCommitAt: ago(600),
  progress: { lagAt: ago(1) },
  told: false,
  ...more,
});
const tile = (reads: readonly string[], cells: readonly string[]) => ({ reads: new Set(reads), cells: new Set(cells) });
const feeds = {
  notebookId: 'nb_1',
  reads: new Set(['bronze.sold', 'gold.total', 'bronze.rain']),
  tiles: new Map([
    ['total', tile(['bronze.sold', 'gold.total'], ['total_shown', 'total', 'sold'])],
    ['rain', tile(['bronze.rain'], ['rain_shown', 'rain'])],
    ['both', tile(['bronze.sold', 'bronze.rain'], ['both', 'sold', 'rain'])],
  ]),
};
const live = { state: 'live', since: null };

describe('what the streams behind a dashboard do', () => {
  it('is nothing where no stream writes what is shown', () => {
    expect(flowsOf(feeds, [stream('bronze.other')], now)).toEqual({ type: 'live', live: false, flow: null, tiles: {} });
  });

  it('is told of each tile by its own streams, and of the page by the worst', () => {
    const away = { waiting: 'broker-7.inner:9092: topic sold', waitingSince: ago(60), isAway: true };
    const told = flowsOf(feeds, [stream('bronze.sold', { progress: away }), stream('bronze.rain')], now);
    const isAway = { state: 'away', since: ago(60) };
    expect(told).toEqual({
      type: 'live',
      live: true,
      flow: isAway,
      tiles: { total: isAway, rain: live, both: isAway },
    });
    expect(JSON.stringify(told)).not.toMatch(/broker-7|sold/);
  });

  it('also feeds what another notebook makes of it', () => {
    const foreign = stream('bronze.elsewhere', {
      notebookId: 'nb_2',
      progress: { tables: ['gold.total'], lagAt: ago(1) },
    });
    expect(flowsOf(feeds, [foreign], now).tiles).toEqual({ total: live });
  });

  it('says of a tile that a cell of it could not be made of the newest rows, and why to nobody', () => {
    const progress = { lagAt: ago(1), failedCells: { total: 'column secret_column is not there' } };
    const told = flowsOf(feeds, [stream('bronze.sold', { progress })], now);
    expect(told.tiles).toEqual({ total: { state: 'broken', since: null }, both: live });
    expect(told.flow).toEqual({ state: 'broken', since: null });
    expect(JSON.stringify(told)).not.toContain('secret_column');
    const foreign = stream('bronze.sold', { progress, notebookId: 'nb_2' });
    expect(flowsOf(feeds, [foreign], now).tiles['total']).toEqual(live);
  });

  it('says the same of a table that the stream of another notebook should have written', () => {
    const progress = {
      lagAt: ago(1),
      tables: ['bronze.elsewhere'],
      failedCells: { other_name: 'secret' },
      failedTables: ['gold.total'],
    };
    const foreign = stream('bronze.elsewhere', { notebookId: 'nb_2', progress });
    const broken = { state: 'broken', since: null };
    const told = flowsOf(feeds, [foreign, stream('bronze.rain')], now);
    expect(told).toEqual({ type: 'live', live: true, flow: broken, tiles: { total: broken, rain: live, both: live } });
    const beside = stream('bronze.rain', { notebookId: 'nb_2', progress: { ...progress, failedTables: ['gold.x'] } });
    expect(flowsOf(feeds, [beside], now).flow).toEqual(live);
  });

  it('says of one that stopped whether somebody was told', () => {
    const stopped = stream('bronze.sold', { state: 'failed', stateSince: ago(30) });
    expect(flowsOf(feeds, [stopped], now).flow).toEqual({ state: 'stopped', since: ago(30), told: false });
    expect(flowsOf(feeds, [{ ...stopped, told: true }], now).flow).toMatchObject({ told: true });
  });
});
