import type { Words } from '../../said/said.ts';
import { asSaid, say } from '../../said/said.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { CellKind } from '../cell.ts';
import { parsePartition } from '../partition.ts';
import type { ConfigIssue } from './issue.ts';
import { databaseRules } from './database-rules.ts';
import { mergeRules } from './merge-rules.ts';
import { modelRules } from './model-rules.ts';
import { kinesisRules } from './kinesis-schema.ts';
import { limitsRules } from './limits.ts';
import { s3Rules } from './s3-schema.ts';
import { topicRules } from './topic-schema.ts';

/** What one key demands of another, beyond the form of each. */
export function rulesOf(kind: CellKind, config: JsonObject): ConfigIssue[] {
  if (kind === 'sql' || kind === 'transform') return sqlRules(config);
  if (kind === 'input') return inputRules(config);
  if (kind === 'model') return [...modelRules(config), ...limitsRules(config)];
  if (kind === 'source')
    return [
      ...databaseRules(config),
      ...s3Rules(config),
      ...kinesisRules(config),
      ...rejectRules(config),
      ...messageRules(config),
      ...topicRules(config),
      ...limitsRules(config),
    ];
  return [];
}

function needs(config: JsonObject, key: string, because: Words): ConfigIssue[] {
  if (config[key] !== undefined) return [];
  return [
    {
      path: [key],
      code: 'missing-key',
      message: say('missing key "{key}": {because}', { key, because: asSaid(because) }),
    },
  ];
}

function rejectRules(config: JsonObject): ConfigIssue[] {
  if (config['max_bad_ratio'] === undefined || config['rejects'] === 'table') return [];
  const message = '"max_bad_ratio" counts rows that are set aside: say rejects: table as well, or leave it out';
  return [{ path: ['max_bad_ratio'], code: 'bad-value', message }];
}

function messageRules(config: JsonObject): ConfigIssue[] {
  const { type, format } = config;
  const isCsv = format === 'csv' || (typeof format === 'object' && format !== null && 'csv' in format);
  if (type !== 'kafka' || !isCsv) return [];
  return needs(config, 'columns', 'a CSV message has no names: declare them in the order of its values');
}

function sqlRules(config: JsonObject): ConfigIssue[] {
  return [
    ...partitionRules(config['partition_by']),
    ...materializeRules(config),
    ...mergeRules(config),
    ...exportRules(config),
    ...limitsRules(config),
  ];
}

function exportRules(config: JsonObject): ConfigIssue[] {
  const { materialize } = config;
  if (config['export'] === undefined || (materialize !== 'view' && materialize !== 'ephemeral')) return [];
  const message = say(
    'bad value for "export": a table is sent, and materialize: {materialize} keeps none; use materialize: table',
    { materialize },
  );
  return [{ path: ['export'], code: 'bad-value', message }];
}

function partitionRules(given: Json | undefined): ConfigIssue[] {
  const listed = Array.isArray(given);
  const entries: readonly Json[] = listed ? given : given === undefined ? [] : [given];
  return entries.flatMap((entry, at): ConfigIssue[] => {
    if (typeof entry !== 'string' || parsePartition(entry) !== null) return [];
    const message = say(
      'bad value for "partition_by": expected a column, year(c), month(c), day(c), hour(c), bucket(n, c) or truncate(n, c), got "{entry}"',
      { entry },
    );
    return [{ path: listed ? ['partition_by', at] : ['partition_by'], code: 'bad-value', message }];
  });
}

function materializeRules(config: JsonObject): ConfigIssue[] {
  const { materialize, strategy } = config;
  if (materialize === 'dimension') return needs(config, 'unique_key', 'a dimension is kept by its business key');
  if (materialize === 'hub') return needs(config, 'unique_key', 'a hub holds business keys: name their columns');
  if (materialize === 'link')
    return needs(config, 'hubs', 'a link says which hubs meet: { customer_id: hub_customer }');
  if (materialize === 'satellite') {
    return [
      ...needs(config, 'hub', 'a satellite speaks of a hub or a link'),
      ...needs(config, 'unique_key', 'the columns of the business key that it speaks of'),
    ];
  }
  if (materialize !== 'incremental') return [];
  if (strategy === 'merge') return needs(config, 'unique_key', 'strategy merge updates rows by their key');
  if (strategy === 'replace_interval') {
    return needs(config, 'time_column', 'strategy replace_interval replaces rows by their time');
  }
  return [];
}

const defaultForms: Record<string, { fits(value: unknown): boolean; expected: string }> = {
  text: { fits: (value) => typeof value === 'string', expected: 'text' },
  number: { fits: (value) => typeof value === 'number', expected: 'a number' },
  slider: { fits: (value) => typeof value === 'number', expected: 'a number' },
  boolean: { fits: (value) => typeof value === 'boolean', expected: 'true or false' },
  date: { fits: (value) => typeof value === 'string', expected: 'a date such as 2024-01-31' },
  daterange: {
    fits: (value) => Array.isArray(value) && value.length === 2 && value.every((end) => typeof end === 'string'),
    expected: 'a list of two dates such as [2024-01-01, 2024-01-31]',
  },
  select: { fits: (value) => typeof value === 'string' || typeof value === 'number', expected: 'one of the options' },
  multiselect: { fits: Array.isArray, expected: 'a list of options' },
};

function inputRules(config: JsonObject): ConfigIssue[] {
  const type = String(config['type']);
  const chosen = type === 'select' || type === 'multiselect';
  return [
    ...(chosen ? needs(config, 'options', say('a {type} offers a list or { from, column }', { type })) : []),
    ...defaultIssues(type, config['default']),
  ];
}

function defaultIssues(type: string, value: unknown): ConfigIssue[] {
  const form = Object.hasOwn(defaultForms, type) ? defaultForms[type] : undefined;
  if (form === undefined || value === undefined || value === null || form.fits(value)) return [];
  const message = say('bad value for "default": a {type} expects {expected}, got {got}', {
    type,
    expected: asSaid(form.expected),
    got: JSON.stringify(value),
  });
  return [{ path: ['default'], code: 'bad-value', message }];
}
