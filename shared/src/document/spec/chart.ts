export const chartTypes = [
  'line',
  'bar',
  'area',
  'scatter',
  'pie',
  'heatmap',
  'histogram',
  'boxplot',
  'funnel',
  'sankey',
  'candlestick',
  'map',
  'metric',
  'pivot',
  'table',
] as const;
export type ChartType = (typeof chartTypes)[number];
export const aggregates = ['sum', 'avg', 'min', 'max', 'count', 'count_distinct', 'median', 'none'] as const;
export type Aggregate = (typeof aggregates)[number];

/** A column on an axis. The short form, a bare name, aggregates nothing on x and sums on y. */
export type Encoding =
  | string
  | {
      readonly column: string;
      readonly aggregate?: Aggregate;
      /** Time bucket for dates: `day`, `week`, `month`, `quarter`, `year`, `hour`. */
      readonly bucket?: string;
      readonly label?: string;
      /** `number`, `integer`, `percent`, `currency:BRL`, `compact`. */
      readonly format?: string;
    };

export interface ChartSpec {
  readonly from: string;
  readonly type: ChartType;
  readonly x?: Encoding;
  readonly y?: Encoding | readonly Encoding[];
  /** Splits into series. */
  readonly color?: string;
  readonly size?: string;
  readonly stack?: boolean;
  readonly sort?: 'x' | '-x' | 'y' | '-y' | 'none';
  readonly limit?: number;
  readonly bins?: number;
  /** metric */
  readonly value?: Encoding;
  readonly compare?: Encoding;
  /** pivot: rows, columns, values; table: columns */
  readonly rows?: readonly string[];
  readonly columns?: readonly string[];
  readonly values?: readonly Encoding[];
  readonly title?: string;
  readonly unit?: string;
  readonly description?: string;
}
