import type { Layer } from '../../relation/relation.ts';

interface SourceBase {
  readonly layer?: Layer;
  readonly description?: string;
  readonly tags?: readonly string[];
  /** Declared types win over sniffed ones: column name to DuckDB type. */
  readonly columns?: Readonly<Record<string, string>>;
  /** `table`: bad rows go to `<layer>.<name>_rejects`. `fail` (default): the first bad row stops, with its line. */
  readonly rejects?: 'table' | 'fail';
}

/** The first three are what people write; the others are named by sniffing, or for files from elsewhere. */
export const csvEncodings = [
  'utf-8',
  'latin-1',
  'utf-16',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'iso-8859-15',
  'windows-1250',
  'windows-1251',
  'macroman',
  'cp437',
  'cp850',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'gb18030',
  'big5',
] as const;

/** Options left out are sniffed. */
export interface CsvSource extends SourceBase {
  readonly type: 'csv';
  readonly path: string;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly escape?: string;
  readonly encoding?: (typeof csvEncodings)[number];
  readonly header?: boolean;
  readonly skip?: number;
  readonly decimal?: '.' | ',';
  readonly date_format?: string;
  readonly timestamp_format?: string;
  readonly null_values?: readonly string[];
}

export interface JsonSource extends SourceBase {
  readonly type: 'json';
  readonly path: string;
  /** JSONPath of the array of records, `$.items`; default: the document itself, an array or newline-delimited. */
  readonly records?: string;
}

export interface ParquetSource extends SourceBase {
  readonly type: 'parquet';
  readonly path: string;
}

export const simulatorTemplates = [
  'ecommerce_orders',
  'ecommerce_customers',
  'ecommerce_products',
  'sensor_readings',
  'web_events',
] as const;

/** Rows made by Faker from a seed: the same spec gives the same rows. */
export interface SimulatorSource extends SourceBase {
  readonly type: 'simulator';
  readonly template: (typeof simulatorTemplates)[number];
  readonly rows?: number;
  /** `100/s`: spacing of the event times. */
  readonly rate?: string;
  /** `2%`: share of rows made wrong on purpose. */
  readonly dirt?: string;
  readonly seed?: number;
  /** ISO date or timestamp of the first event. */
  readonly start?: string;
}

/** Reads a published table: `silver.orders`. */
export interface TableSource extends SourceBase {
  readonly type: 'table';
  readonly table: string;
}

export const sourceTypes = [
  'csv',
  'json',
  'parquet',
  'excel',
  'http',
  'postgres',
  'mysql',
  's3',
  'kafka',
  'kinesis',
  'webhook',
  'simulator',
  'table',
] as const;
export type SourceType = (typeof sourceTypes)[number];

/** Types whose adapter is not built yet are accepted by the format and refused by compile (`unsupported-source`). */
export interface LaterSource extends SourceBase {
  readonly type: Exclude<SourceType, 'csv' | 'json' | 'parquet' | 'simulator' | 'table'>;
  readonly [key: string]: unknown;
}

export type FileSource = CsvSource | JsonSource | ParquetSource;
export type SourceSpec = FileSource | SimulatorSource | TableSource | LaterSource;
