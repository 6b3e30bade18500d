import type { JsonObject } from '../../json.ts';
import type { Layer } from '../../relation/relation.ts';
import type { LimitsSpec } from './limits.ts';

interface SourceBase extends LimitsSpec {
  readonly layer?: Layer;
  readonly description?: string;
  readonly tags?: readonly string[];
  /** Declared types win over sniffed ones: column name to DuckDB type. */
  readonly columns?: Readonly<Record<string, string>>;
  /** `table`: bad rows go to `<layer>.<name>_rejects`. `fail` (default): the first bad row stops, with its line. */
  readonly rejects?: 'table' | 'fail';
  /** With `rejects: table`, the share of bad rows, 0 to 1, above which nothing is written; default: any. */
  readonly max_bad_ratio?: number;
  /** Adds `_source`, `_ingested_at` and `_row_hash`. */
  readonly provenance?: boolean;
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
  /** Of an `s3://` path: the stored connection that it is read through; without one the object is public. */
  readonly connection?: string;
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
  readonly connection?: string;
  /** JSONPath of the array of records, `$.items`; default: the document itself, an array or newline-delimited. */
  readonly records?: string;
}

export interface ParquetSource extends SourceBase {
  readonly type: 'parquet';
  readonly path: string;
  readonly connection?: string;
}

/** Avro object container files, each with its schema. */
export interface AvroSource extends SourceBase {
  readonly type: 'avro';
  readonly path: string;
  readonly connection?: string;
}

export const objectFormats = ['csv', 'json', 'parquet', 'avro'] as const;

type FileOptions = Omit<CsvSource, keyof SourceBase | 'type' | 'path' | 'connection'> & Pick<JsonSource, 'records'>;

/** Objects of an S3-compatible store. Options of CSV and JSON are those of file sources. */
export interface S3Source extends SourceBase, FileOptions {
  readonly type: 's3';
  /** `s3://bucket/prefix/*.csv`; `**` also matches `/`. */
  readonly path: string;
  /** Default: what the names of the objects end with. */
  readonly format?: (typeof objectFormats)[number];
  /** `new` (default): each object is added once. `all`: the table is always what the objects hold together. */
  readonly objects?: 'new' | 'all';
  readonly connection?: string;
  /** `https://host:port` of a store that is not Amazon's. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly access_key?: string;
  readonly secret_key?: string;
  readonly session_token?: string;
}

export const simulatorTemplates = [
  'ecommerce_orders',
  'ecommerce_customers',
  'ecommerce_products',
  'sensor_readings',
  'calendar',
  'web_events',
] as const;

/** Up to when the event times of a stream are complete: `delay` behind the latest one. */
export interface Watermark {
  readonly column: string;
  readonly delay: string;
  /** A partition that is silent for so long is not waited for. Default a minute. */
  readonly idle?: string;
}

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
  readonly watermark?: Watermark;
}

/** Reads a published table: `silver.orders`. */
export interface TableSource extends SourceBase {
  readonly type: 'table';
  readonly table: string;
}

/** A worksheet of an .xlsx file. */
export interface ExcelSource extends SourceBase {
  readonly type: 'excel';
  readonly path: string;
  /** Name, or 1-based position; default: the first. */
  readonly sheet?: string | number;
  /** Cells to read, `A3:F100`, or where the header stands, `B2`. */
  readonly range?: string;
  /** Default true: the first row names the columns. */
  readonly header?: boolean;
}

export type HttpPagination =
  | { readonly type: 'link' }
  | {
      readonly type: 'page';
      readonly param?: string;
      readonly size?: number;
      readonly size_param?: string;
      readonly start?: number;
    }
  | { readonly type: 'offset'; readonly param?: string; readonly limit?: number; readonly limit_param?: string }
  | { readonly type: 'cursor'; readonly param?: string; readonly path?: string };

export type HttpAuth =
  | { readonly type: 'none' }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'api_key'; readonly key: string; readonly name?: string; readonly in?: 'header' | 'query' }
  | {
      readonly type: 'oauth2';
      readonly token_url: string;
      readonly client_id: string;
      readonly client_secret: string;
      readonly scope?: string;
    };

/** Records of an HTTP API. Values that begin with `secret://` are taken from the stored secrets. */
export interface HttpSource extends SourceBase {
  readonly type: 'http';
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Query parameters. */
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  /** Sent as JSON. */
  readonly body?: JsonObject;
  readonly pagination?: HttpPagination;
  /** JSONPath of the array of records; default: the answer itself, an array or one record. */
  readonly records?: string;
  readonly auth?: HttpAuth;
  /** Only records since the greatest `cursor` read so far, asked for by the query parameter `param`. */
  readonly incremental?: { readonly cursor: string; readonly param?: string; readonly start?: string | number };
}

/** Where a database is: a stored connection (and perhaps another database there), or the words themselves. */
interface DatabasePlace {
  readonly connection?: string;
  /** `postgresql://…` or `mysql://…`; as `secret://name` when a password stands in it. */
  readonly url?: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly user?: string;
  readonly password?: string;
  /** Default `prefer`: encrypted where the server can. `verify-full`: with a certificate that is trusted. */
  readonly sslmode?: 'disable' | 'prefer' | 'require' | 'verify-full';
}

/** Rows of a table or of a query in another database. */
export interface DatabaseSource extends SourceBase, DatabasePlace {
  readonly type: 'postgres' | 'mysql';
  /** `schema.table`, or `table`. */
  readonly table?: string;
  readonly query?: string;
  /** `cdc` (postgres): the table follows that table, row by row, by logical replication. Default `full`. */
  readonly mode?: 'full' | 'cdc';
  /** Of `cdc`: names over there. Default: made for the table. */
  readonly slot?: string;
  readonly publication?: string;
  /** Only rows that are new since the last reading are added. `start`: the first value to read. */
  readonly incremental?: {
    readonly cursor: string;
    readonly start?: string | number;
    /** How far below the greatest cursor rows may still appear: `10 minutes`, or a number for numbers. */
    readonly overlap?: string | number;
  };
}

export interface SchemaRegistry {
  readonly registry: string;
  readonly username?: string;
  readonly password?: string;
}

/** `{ avro: … }`, `{ protobuf: … }` or `{ csv: … }`. */
export interface MessageFormat extends Partial<SchemaRegistry> {
  /** Avro's JSON or the text of a `.proto` file, where there is no registry. */
  readonly schema?: string;
  /** Of Protobuf: the full name of the message; default: the first, or the one that the registry says. */
  readonly message?: string;
  /** Of CSV; default `,`. */
  readonly delimiter?: string;
}

/** Certificates as PEM, or as `secret://name`; the private key always as that. */
export interface KafkaTls {
  /** Whom to trust instead of the public CAs. */
  readonly ca?: string;
  /** What proves to the broker who asks, with `key`. */
  readonly certificate?: string;
  readonly key?: string;
}

/** Messages of Kafka topics: of one, of those of a list, or of all whose whole name matches a pattern. */
export interface KafkaSource extends SourceBase {
  readonly type: 'kafka';
  readonly brokers?: readonly string[];
  readonly connection?: string;
  readonly topic?: string;
  readonly topics?: readonly string[];
  readonly topic_pattern?: string;
  readonly format?: string | Readonly<Record<string, MessageFormat>>;
  /** Of a connection: where schemas are. */
  readonly registry?: SchemaRegistry;
  /** `earliest` (default), `latest`, a time, or offsets by partition. */
  readonly start?: string | number | Readonly<Record<string, string | number>>;
  readonly ssl?: boolean;
  /** With it the line is encrypted, whatever `ssl` says. */
  readonly tls?: KafkaTls;
  readonly sasl?: {
    readonly mechanism?: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  readonly watermark?: Watermark;
}

/** Events pushed over HTTP. */
export interface WebhookSource extends SourceBase {
  readonly type: 'webhook';
  /** The field by which an event is known again; without it every event is new. */
  readonly key?: string;
  readonly watermark?: Watermark;
}

export const sourceTypes = [
  'csv',
  'json',
  'parquet',
  'avro',
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

/** Records of an Amazon Kinesis stream. */
export interface KinesisSource extends SourceBase {
  readonly type: 'kinesis';
  /** A stored one says where the stream is and who asks. */
  readonly connection?: string;
  readonly stream: string;
  readonly region?: string;
  /** `https://host:port` of a service that is not Amazon's. */
  readonly endpoint?: string;
  /** With `secret_key`, where no connection says it. */
  readonly access_key?: string;
  readonly secret_key?: string;
  readonly session_token?: string;
  /** Default `json`. */
  readonly format?: 'json' | 'raw' | { readonly avro: { readonly schema: string } };
  /** Where nothing was read yet: `earliest` (default), `latest` or a time. */
  readonly start?: string;
}

export type FileSource = CsvSource | JsonSource | ParquetSource | AvroSource;
export type SourceSpec =
  | FileSource
  | ExcelSource
  | HttpSource
  | DatabaseSource
  | WebhookSource
  | S3Source
  | KafkaSource
  | SimulatorSource
  | TableSource
  | KinesisSource;
