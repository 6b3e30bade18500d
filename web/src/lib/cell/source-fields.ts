/** The options of each source type, as fields of its form. What is left empty is recognised by the server. */
export interface SourceField {
  key: string;
  kind: 'text' | 'number' | 'choice' | 'yes-no' | 'list' | 'types' | 'connection' | 'secret' | 'stored' | 'start';
  /** Key of the label in the messages. */
  label:
    | 'path'
    | 'delimiter'
    | 'quote'
    | 'encoding'
    | 'header'
    | 'skip'
    | 'decimal'
    | 'dateFormat'
    | 'timestampFormat'
    | 'nullValues'
    | 'records'
    | 'sheet'
    | 'range'
    | 'url'
    | 'key'
    | 'template'
    | 'rows'
    | 'rate'
    | 'dirt'
    | 'seed'
    | 'start'
    | 'table'
    | 'brokers'
    | 'connection'
    | 'topic'
    | 'topics'
    | 'topicPattern'
    | 'streamName'
    | 'columns'
    | 'format'
    | 'maxBadRatio'
    | 'watermarkColumn'
    | 'watermarkDelay'
    | 'watermarkIdle'
    | 'method'
    | 'auth'
    | 'user'
    | 'password'
    | 'token'
    | 'apiKey'
    | 'apiKeyName'
    | 'apiKeyIn'
    | 'tokenUrl'
    | 'clientId'
    | 'clientSecret'
    | 'scope'
    | 'pagination'
    | 'pageParam'
    | 'pageSize'
    | 'cursorPath'
    | 'incrementalCursor'
    | 'incrementalParam'
    | 'incrementalStart'
    | 'overlap'
    | 'database'
    | 'databaseUrl'
    | 'query'
    | 'mode'
    | 'objects'
    | 'endpoint'
    | 'region'
    | 'accessKey'
    | 'secretKey'
    | 'ssl'
    | 'tlsCa'
    | 'tlsCertificate'
    | 'tlsKey'
    | 'saslMechanism'
    | 'registry'
    | 'schema'
    | 'message';
  /** Stored connections of this type are offered. */
  of?: 'postgres' | 'mysql' | 's3' | 'kinesis' | 'kafka';
  /** Shown only then. */
  when?: (config: JsonObject) => boolean;
  choices?: readonly string[];
  /** What an empty choice means. */
  usual?: string;
  /** Shown where nothing stands: an example, the same in all languages. */
  example?: string;
  /** Key of a line below it. */
  hint?: 'start' | 'registry';
  wide?: boolean;
}

import { type JsonObject, simulatorTemplates } from '@datacraft/shared';
import { wordAt } from './source-keys.ts';

const path: SourceField = { key: 'path', kind: 'text', label: 'path', wide: true };

const types: SourceField = { key: 'columns', kind: 'types', label: 'columns', wide: true };
const maxBadRatio: SourceField = { key: 'max_bad_ratio', kind: 'number', label: 'maxBadRatio' };

const is =
  (key: string, ...values: readonly string[]) =>
  (config: JsonObject): boolean =>
    values.includes(wordAt(config, key));

const http: readonly SourceField[] = [
  { key: 'url', kind: 'text', label: 'url', wide: true },
  { key: 'method', kind: 'choice', label: 'method', choices: ['GET', 'POST'] },
  { key: 'records', kind: 'text', label: 'records' },
  { key: 'auth.type', kind: 'choice', label: 'auth', choices: ['bearer', 'basic', 'api_key', 'oauth2'] },
  { key: 'auth.token', kind: 'secret', label: 'token', when: is('auth.type', 'bearer') },
  { key: 'auth.username', kind: 'text', label: 'user', when: is('auth.type', 'basic') },
  { key: 'auth.password', kind: 'secret', label: 'password', when: is('auth.type', 'basic') },
  { key: 'auth.key', kind: 'secret', label: 'apiKey', when: is('auth.type', 'api_key') },
  { key: 'auth.name', kind: 'text', label: 'apiKeyName', when: is('auth.type', 'api_key') },
  { key: 'auth.in', kind: 'choice', label: 'apiKeyIn', choices: ['header', 'query'], when: is('auth.type', 'api_key') },
  { key: 'auth.token_url', kind: 'text', label: 'tokenUrl', when: is('auth.type', 'oauth2') },
  { key: 'auth.client_id', kind: 'text', label: 'clientId', when: is('auth.type', 'oauth2') },
  { key: 'auth.client_secret', kind: 'secret', label: 'clientSecret', when: is('auth.type', 'oauth2') },
  { key: 'auth.scope', kind: 'text', label: 'scope', when: is('auth.type', 'oauth2') },
  { key: 'pagination.type', kind: 'choice', label: 'pagination', choices: ['link', 'page', 'offset', 'cursor'] },
  {
    key: 'pagination.param',
    kind: 'text',
    label: 'pageParam',
    when: is('pagination.type', 'page', 'offset', 'cursor'),
  },
  { key: 'pagination.size', kind: 'number', label: 'pageSize', when: is('pagination.type', 'page') },
  { key: 'pagination.limit', kind: 'number', label: 'pageSize', when: is('pagination.type', 'offset') },
  { key: 'pagination.path', kind: 'text', label: 'cursorPath', when: is('pagination.type', 'cursor') },
  { key: 'incremental.cursor', kind: 'text', label: 'incrementalCursor' },
  { key: 'incremental.param', kind: 'text', label: 'incrementalParam', when: has('incremental.cursor') },
  { key: 'incremental.start', kind: 'number', label: 'incrementalStart', when: has('incremental.cursor') },
];

function has(key: string): (config: JsonObject) => boolean {
  return (config) => wordAt(config, key) !== '';
}

const lacks =
  (...keys: readonly string[]) =>
  (config: JsonObject) =>
    keys.every((key) => !has(key)(config));

const database = (of: 'postgres' | 'mysql'): SourceField[] => [
  { key: 'connection', kind: 'connection', label: 'connection', of },
  { key: 'url', kind: 'secret', label: 'databaseUrl', when: lacks('connection') },
  { key: 'database', kind: 'text', label: 'database' },
  { key: 'table', kind: 'text', label: 'table', when: lacks('query') },
  { key: 'query', kind: 'text', label: 'query', wide: true, when: lacks('table') },
  ...(of === 'postgres'
    ? [{ key: 'mode', kind: 'choice', label: 'mode', choices: ['full', 'cdc'], when: lacks('query') } as const]
    : []),
  { key: 'incremental.cursor', kind: 'text', label: 'incrementalCursor', when: (config) => !is('mode', 'cdc')(config) },
  { key: 'incremental.start', kind: 'number', label: 'incrementalStart', when: has('incremental.cursor') },
  { key: 'incremental.overlap', kind: 'number', label: 'overlap', when: has('incremental.cursor') },
];

const s3: readonly SourceField[] = [
  { key: 'connection', kind: 'connection', label: 'connection', of: 's3' },
  path,
  { key: 'format', kind: 'choice', label: 'format', choices: ['csv', 'json', 'parquet', 'avro'] },
  { key: 'objects', kind: 'choice', label: 'objects', choices: ['new', 'all'] },
  { key: 'endpoint', kind: 'text', label: 'endpoint', when: lacks('connection') },
  { key: 'region', kind: 'text', label: 'region', when: lacks('connection') },
  { key: 'access_key', kind: 'secret', label: 'accessKey', when: lacks('connection') },
  { key: 'secret_key', kind: 'secret', label: 'secretKey', when: lacks('connection') },
  { key: 'delimiter', kind: 'text', label: 'delimiter', when: is('format', 'csv') },
  {
    key: 'encoding',
    kind: 'choice',
    label: 'encoding',
    choices: ['utf-8', 'latin-1', 'utf-16'],
    when: is('format', 'csv'),
  },
  { key: 'decimal', kind: 'choice', label: 'decimal', choices: ['.', ','], when: is('format', 'csv') },
  { key: 'header', kind: 'yes-no', label: 'header', when: is('format', 'csv') },
  { key: 'records', kind: 'text', label: 'records', when: is('format', 'json') },
];

/** Of a source that can be a stream: which column is its event time, and how far behind it may be. */
const watermark: readonly SourceField[] = [
  { key: 'watermark.column', kind: 'text', label: 'watermarkColumn' },
  {
    key: 'watermark.delay',
    kind: 'text',
    label: 'watermarkDelay',
    example: '10 seconds',
    when: has('watermark.column'),
  },
  { key: 'watermark.idle', kind: 'text', label: 'watermarkIdle', example: '1 minute', when: has('watermark.column') },
];

/** Of messages that a schema describes: where it is. The cell's own over that of its connection, over the one built in. */
const schemaOf = (format: 'avro' | 'protobuf'): readonly SourceField[] => [
  {
    key: `format.${format}.registry`,
    kind: 'text',
    label: 'registry',
    hint: 'registry',
    when: (config) => is('format', format)(config) && lacks(`format.${format}.schema`)(config),
  },
  { key: `format.${format}.username`, kind: 'text', label: 'user', when: has(`format.${format}.registry`) },
  { key: `format.${format}.password`, kind: 'secret', label: 'password', when: has(`format.${format}.registry`) },
  {
    key: `format.${format}.schema`,
    kind: 'text',
    label: 'schema',
    wide: true,
    example: format === 'avro' ? '{"type":"record", …}' : 'syntax = "proto3"; …',
    when: (config) => is('format', format)(config) && lacks(`format.${format}.registry`)(config),
  },
];

export const sourceFields: Record<string, readonly SourceField[]> = {
  csv: [
    path,
    { key: 'delimiter', kind: 'text', label: 'delimiter' },
    { key: 'encoding', kind: 'choice', label: 'encoding', choices: ['utf-8', 'latin-1', 'utf-16'] },
    { key: 'decimal', kind: 'choice', label: 'decimal', choices: ['.', ','] },
    { key: 'header', kind: 'yes-no', label: 'header' },
    { key: 'date_format', kind: 'text', label: 'dateFormat' },
    { key: 'timestamp_format', kind: 'text', label: 'timestampFormat' },
    { key: 'quote', kind: 'text', label: 'quote' },
    { key: 'skip', kind: 'number', label: 'skip' },
    { key: 'null_values', kind: 'list', label: 'nullValues' },
  ],
  json: [path, { key: 'records', kind: 'text', label: 'records' }],
  parquet: [path],
  avro: [path],
  excel: [
    path,
    { key: 'sheet', kind: 'text', label: 'sheet' },
    { key: 'range', kind: 'text', label: 'range' },
    { key: 'header', kind: 'yes-no', label: 'header' },
    types,
  ],
  http,
  postgres: database('postgres'),
  mysql: database('mysql'),
  s3,
  webhook: [{ key: 'key', kind: 'text', label: 'key' }, ...watermark, types, maxBadRatio],
  kafka: [
    { key: 'connection', kind: 'connection', label: 'connection', of: 'kafka' },
    { key: 'brokers', kind: 'list', label: 'brokers', example: 'broker:9092, other:9092', when: lacks('connection') },
    { key: 'topic', kind: 'text', label: 'topic', when: lacks('topics', 'topic_pattern') },
    { key: 'topics', kind: 'list', label: 'topics', example: 'orders, returns', when: lacks('topic', 'topic_pattern') },
    {
      key: 'topic_pattern',
      kind: 'text',
      label: 'topicPattern',
      example: 'shop\\..*',
      when: lacks('topic', 'topics'),
    },
    { key: 'start', kind: 'start', label: 'start', example: 'earliest', hint: 'start' },
    { key: 'format', kind: 'choice', label: 'format', usual: 'json', choices: ['avro', 'protobuf', 'csv', 'raw'] },
    { key: 'format.csv.delimiter', kind: 'text', label: 'delimiter', example: ',', when: is('format', 'csv') },
    ...schemaOf('avro'),
    ...schemaOf('protobuf'),
    { key: 'format.protobuf.message', kind: 'text', label: 'message', when: is('format', 'protobuf') },
    { key: 'ssl', kind: 'yes-no', label: 'ssl', usual: 'no', when: lacks('connection') },
    { key: 'tls.ca', kind: 'stored', label: 'tlsCa', when: is('ssl', 'true') },
    { key: 'tls.certificate', kind: 'stored', label: 'tlsCertificate', when: is('ssl', 'true') },
    { key: 'tls.key', kind: 'secret', label: 'tlsKey', when: has('tls.certificate') },
    {
      key: 'sasl.mechanism',
      kind: 'choice',
      label: 'saslMechanism',
      usual: 'noLogin',
      when: lacks('connection'),
      choices: ['plain', 'scram-sha-256', 'scram-sha-512'],
    },
    { key: 'sasl.username', kind: 'text', label: 'user', when: has('sasl.mechanism') },
    { key: 'sasl.password', kind: 'secret', label: 'password', when: has('sasl.mechanism') },
    ...watermark,
    types,
    maxBadRatio,
  ],
  kinesis: [
    { key: 'connection', kind: 'connection', label: 'connection', of: 'kinesis' },
    { key: 'stream', kind: 'text', label: 'streamName' },
    { key: 'region', kind: 'text', label: 'region' },
    { key: 'endpoint', kind: 'text', label: 'endpoint' },
    { key: 'access_key', kind: 'secret', label: 'accessKey' },
    { key: 'secret_key', kind: 'secret', label: 'secretKey' },
    { key: 'format', kind: 'choice', label: 'format', choices: ['json', 'raw'] },
    { key: 'start', kind: 'text', label: 'start' },
    types,
    maxBadRatio,
  ],
  simulator: [
    { key: 'template', kind: 'choice', label: 'template', choices: simulatorTemplates },
    { key: 'rows', kind: 'number', label: 'rows' },
    { key: 'rate', kind: 'text', label: 'rate' },
    { key: 'dirt', kind: 'text', label: 'dirt' },
    { key: 'seed', kind: 'number', label: 'seed' },
    { key: 'start', kind: 'text', label: 'start' },
    ...watermark,
  ],
  table: [{ key: 'table', kind: 'text', label: 'table' }],
};

export const editableTypes = [
  'csv',
  'json',
  'parquet',
  'avro',
  'excel',
  'http',
  'postgres',
  'mysql',
  's3',
  'webhook',
  'kafka',
  'kinesis',
  'simulator',
  'table',
] as const;
