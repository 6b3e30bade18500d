/** The options of each source type, as fields of its form. What is left empty is recognised by the server. */
export interface SourceField {
  key: string;
  kind: 'text' | 'number' | 'choice' | 'yes-no' | 'list' | 'types';
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
    | 'columns'
    | 'format'
    | 'maxBadRatio';
  choices?: readonly string[];
  wide?: boolean;
}

import { simulatorTemplates } from '@datacraft/shared';

const path: SourceField = { key: 'path', kind: 'text', label: 'path', wide: true };

const types: SourceField = { key: 'columns', kind: 'types', label: 'columns', wide: true };
const maxBadRatio: SourceField = { key: 'max_bad_ratio', kind: 'number', label: 'maxBadRatio' };

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
  excel: [
    path,
    { key: 'sheet', kind: 'text', label: 'sheet' },
    { key: 'range', kind: 'text', label: 'range' },
    { key: 'header', kind: 'yes-no', label: 'header' },
  ],
  http: [
    { key: 'url', kind: 'text', label: 'url', wide: true },
    { key: 'records', kind: 'text', label: 'records' },
  ],
  webhook: [{ key: 'key', kind: 'text', label: 'key' }, types, maxBadRatio],
  kafka: [
    { key: 'brokers', kind: 'list', label: 'brokers' },
    { key: 'connection', kind: 'text', label: 'connection' },
    { key: 'topic', kind: 'text', label: 'topic' },
    { key: 'format', kind: 'choice', label: 'format', choices: ['json', 'avro', 'protobuf', 'csv', 'raw'] },
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
  ],
  table: [{ key: 'table', kind: 'text', label: 'table' }],
};

export const editableTypes = [
  'csv',
  'json',
  'parquet',
  'excel',
  'http',
  'webhook',
  'kafka',
  'simulator',
  'table',
] as const;
