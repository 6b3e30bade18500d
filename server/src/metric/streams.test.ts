import type { StreamSummary } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { expositionOf } from './exposition.ts';
import { streamFamilies } from './streams.ts';

const now = Date.parse('2026-01-01T10:35:00Z');
const sold: StreamSummary = {
  id: 'str_1',
  notebookId: 'ntb_1',
  notebook: 'Sold',
  cell: 'sold',
  relation: 'bronze.sold',
  sourceType: 'kafka',
  state: 'live',
  stateSince: '2026-01-01T00:00:00.000Z',
  running: true,
  error: null,
  commitMs: 250,
  progress: { lag: 12, lagAt: '2026-01-01T10:34:59Z' },
  rows: 1,
  rejected: 0,
  letters: 0,
  commits: 1,
  rate: 0,
  lastCommitAt: '2026-01-01T10:34:59Z',
  startedAt: '2026-01-01T10:00:00Z',
};
const away = { ...sold, progress: { ...sold.progress, waiting: 'away', waitingSince: '2026-01-01T10:32:00Z' } };
const textOf = (stream: StreamSummary, named: boolean) => expositionOf(streamFamilies([stream], named, now));

describe('streams in the metrics', () => {
  it('have their lag as long as it is one of now', () => {
    expect(textOf(sold, true)).toContain('datacraft_stream_lag_messages{table="bronze.sold"} 12\n');
    expect(textOf(sold, true)).toContain('datacraft_stream_lag_unknown_seconds{table="bronze.sold"} 0\n');
    expect(textOf(sold, true)).toContain('datacraft_streams{state="live"} 1\n');
  });

  it('have none while the broker is away, but since when', () => {
    const text = textOf(away, true);
    expect(text).not.toContain('datacraft_stream_lag_messages{');
    expect(text).toContain('datacraft_stream_lag_unknown_seconds{table="bronze.sold"} 180\n');
    expect(text).toContain('datacraft_streams{state="waiting"} 1\n');
    expect(text).toContain('datacraft_streams{state="live"} 0\n');
  });

  it('name no table to strangers', () => {
    expect(textOf(away, false)).not.toContain('bronze.sold');
  });
});
