import type { ResultPage } from '../relation/relation.ts';

/** One mark of a bar, line, area or histogram. */
export interface ChartPoint {
  readonly x: string;
  readonly y: number;
  readonly series: string;
}

/** What the rows of a chart's query draw; rows without a value draw nothing. */
export function chartPoints({ columns, rows }: Pick<ResultPage, 'columns' | 'rows'>): ChartPoint[] {
  const place = (name: string) => columns.findIndex((column) => column.name === name);
  const [x, colour] = [place('x'), place('color')];
  const ys = columns.flatMap(({ name }, index) => (/^y\d+$/.test(name) ? [index] : []));
  return rows.flatMap((row) =>
    ys.flatMap((index, at) => {
      const y = Number(row[index]);
      const series = colour === -1 ? (ys.length > 1 ? `y${at + 1}` : '') : textOf(row[colour]);
      return row[index] === null || !Number.isFinite(y) ? [] : [{ x: x === -1 ? '' : textOf(row[x]), y, series }];
    }),
  );
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? '∅' : String(value).replace(/T00:00:00(\.0+)?$/, '');
}
