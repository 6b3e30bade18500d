import type { QueryAnswer } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { en as words } from '#lib/i18n/rooms/model.ts';
import { forecastPicture } from './forecast-chart.ts';

/** The newest first, as the query gives them. */
const answer = (rows: readonly unknown[][]) =>
  ({
    rows: rows.map(([x, actual, forecast, lower, upper, s]) => ({ x, actual, forecast, lower, upper, s })),
  }) as unknown as QueryAnswer;

describe('the picture of a forecast', () => {
  it('has what was, what comes, and the band', () => {
    const rows = answer([
      ['2024-02-01', null, 5, 4, 6, null],
      ['2024-01-01', 3, null, null, null, null],
    ]);
    const { spec, data } = forecastPicture(rows, { target: 'sold', scenarios: [] }, words);
    expect(spec.y).toMatchObject([{ label: 'sold' }, { label: 'Forecast' }, { label: 'lower' }, { label: 'upper' }]);
    expect(data.rows).toEqual([
      { x: Date.UTC(2024, 0), y0: 3, y1: null, y2: null, y3: null },
      { x: Date.UTC(2024, 1), y0: null, y1: 5, y2: 4, y3: 6 },
    ]);
  });

  it('has a line of each scenario, side by side', () => {
    const rows = answer([
      ['2024-02-01', null, 5, 4, 6, 'dear'],
      ['2024-02-01', null, 9, 8, 10, 'cheap'],
      ['2024-01-01', 3, null, null, null, null],
    ]);
    const { spec, data } = forecastPicture(rows, { target: 'sold', scenarios: ['cheap', 'dear'] }, words);
    expect(spec.y).toMatchObject([{ label: 'sold' }, { label: 'cheap' }, { label: 'dear' }]);
    expect(data.rows.at(-1)).toEqual({ x: Date.UTC(2024, 1), y0: null, y1: 9, y2: 5 });
  });
});
