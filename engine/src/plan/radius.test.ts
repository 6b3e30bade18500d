import type { LineageEdge, PlacedLineage } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { brokenReaders, readersOf } from './radius.ts';

const edge = (text: string): LineageEdge => {
  const [layer = '', name = '', column = ''] = text.split('.');
  return { table: `${layer}.${name}`, column, kind: 'direct', how: 'identity' };
};
const cell = (owner: string, name: string, columns: Record<string, string[]>, gaps: string[] = []): PlacedLineage => ({
  cell: name,
  kind: 'sql',
  relation: `silver.${name}`,
  isPublished: true,
  columns: Object.entries(columns).map(([column, from]) => ({ name: column, type: null, from: from.map(edge) })),
  rows: [],
  gaps,
  owner,
  notebookId: owner,
  notebookTitle: owner,
});
const orders = cell('n1', 'orders', { id: [], channel: [] });
const totals = (gaps: string[] = [], from = ['silver.orders.channel']) =>
  cell('n1', 'totals', { channel: gaps.length > 0 ? [] : from }, gaps);
const report = cell('n2', 'report', { channel: ['silver.orders.channel'] });
const other = cell('n2', 'other', { id: ['silver.orders.id'] });
const lost = new Set(['silver.orders.channel']);
const stored = [orders, totals(), report, other];

describe('who breaks when a column is gone', () => {
  it('is who reads it in another notebook, and whose own text still does', () => {
    const drafts = [cell('n1', 'orders', { id: [] }), totals(['no column is known as `channel`'])];
    expect([...brokenReaders(lost, { drafts, stored })]).toEqual([
      ['silver.totals', ['silver.orders.channel']],
      ['silver.report', ['silver.orders.channel']],
    ]);
  });

  it('is not a cell of the notebook that was mended with it, nor one that was deleted', () => {
    const mended = [cell('n1', 'orders', { id: [] }), totals([], ['silver.orders.id'])];
    expect([...brokenReaders(lost, { drafts: mended, stored }).keys()]).toEqual(['silver.report']);
    const deleted = [cell('n1', 'orders', { id: [] })];
    expect([...brokenReaders(lost, { drafts: deleted, stored }).keys()]).toEqual(['silver.report']);
  });

  it('is nobody when nothing is lost', () => {
    expect(brokenReaders(new Set(), { drafts: [orders], stored }).size).toBe(0);
  });
});

describe('the radius of a run', () => {
  it('is who reads what is made, to the column, without what the run makes itself; who breaks comes first', () => {
    const drafts = [cell('n1', 'orders', { id: [] }), totals([], ['silver.orders.id'])];
    const made = new Set(['silver.orders', 'silver.totals']);
    const readers = readersOf({ made, planned: made, lost }, { drafts, stored });
    expect(readers.map(({ key, columns, broken }) => ({ key, columns, broken }))).toEqual([
      { key: 'silver.report', columns: [], broken: ['silver.orders.channel'] },
      { key: 'silver.other', columns: ['id'], broken: [] },
    ]);
  });
});
