import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../json.ts';
import { editDistance, nearest } from '../../nearest.ts';
import { english } from '../../said/said.ts';
import type { CellKind } from '../cell.ts';
import { canonicalKeys, validateConfig, validateMeta } from './validate.ts';

const messages = (kind: CellKind, config: JsonObject): string[] =>
  validateConfig(kind, config).issues.map(({ path, message }) => `${path.join('.')}: ${english(message)}`);

describe('validateConfig', () => {
  it('gives the spec if and only if there is no issue', () => {
    const config = { type: 'csv', path: './a.csv', delimiter: ';' };
    expect(validateConfig('source', config)).toEqual({ spec: config, issues: [] });
    expect(validateConfig('source', { type: 'csv' }).spec).toBe(null);
    expect(validateConfig('markdown', {})).toEqual({ spec: {}, issues: [] });
  });

  it.each<[CellKind, JsonObject, string[]]>([
    ['sql', { materialise: 'view' }, ['materialise: unknown key "materialise"; did you mean "materialize"?']],
    [
      'sql',
      { layer: 'gould' },
      ['layer: bad value for "layer": expected bronze, silver or gold, got "gould"; did you mean "gold"?'],
    ],
    [
      'source',
      { type: 'csv', path: 'a.csv', delimiter: '<--->' },
      [
        'delimiter: bad value for "delimiter": expected a delimiter of one to four bytes, such as ; or || or §, got "<--->"',
      ],
    ],
    [
      'source',
      { type: 'csv', path: 'a.csv', delimiter: '\n' },
      [
        'delimiter: bad value for "delimiter": expected a delimiter of one to four bytes, such as ; or || or §, got "\\n"',
      ],
    ],
    [
      'sql',
      { retries: { max_attempts: 0, backof: '1 second' } },
      [
        'retries.max_attempts: bad value for "retries.max_attempts": expected 1 to 100 attempts, got 0',
        'retries.backof: unknown key "backof"; did you mean "backoff"?',
      ],
    ],
    [
      'model',
      { task: 'clustering', from: 'a', attempt_timeout: '2 months' },
      [
        'attempt_timeout: bad value for "attempt_timeout": expected a length of at least a second, such as 10 seconds or 2 hours, got "2 months"',
      ],
    ],
    [
      'source',
      {
        type: 'csv',
        path: 'a.csv',
        retries: { backoff: '1 minute', cap: '30 seconds' },
        attempt_timeout: '2h',
        total_timeout: '1h',
      },
      [
        'retries.cap: "cap" is shorter than "backoff", which would never come into play: make it longer',
        'total_timeout: "total_timeout" is shorter than "attempt_timeout", which would never come into play: make it longer',
      ],
    ],
    ['sql', { scd: 5 }, ['scd: bad value for "scd": expected 0, 1 or 2, got 5']],
    [
      'sql',
      { expect: [{ expression: 5 }] },
      ['expect.0.expression: bad value for "expect[0].expression": expected text, got 5'],
    ],
    ['sql', { expect: [{ not_nul: 'a' }] }, ['expect.0.not_nul: unknown key "not_nul"; did you mean "not_null"?']],
    [
      'sql',
      { expect: [{ row_count: { min: 1 }, on_violation: 'drop' }] },
      ['expect.0.on_violation: the key "on_violation" does not go with row_count; remove it'],
    ],
    [
      'sql',
      { expect: [{ row_count: { min: -1 } }] },
      [
        'expect.0.row_count.min: bad value for "expect[0].row_count.min": expected a whole number of at least 0, got -1',
      ],
    ],
    [
      'sql',
      { materialize: 'incremental', strategy: 'merge' },
      ['unique_key: missing key "unique_key": strategy merge updates rows by their key'],
    ],
    [
      'sql',
      { materialize: 'incremental', strategy: 'append', unique_key: 'a', insert_only: true },
      [
        'insert_only: bad value for "insert_only": it says how a merge writes; use materialize: incremental with strategy: merge and unique_key, or leave "insert_only" out',
      ],
    ],
    [
      'sql',
      { unique_key: 'a', unmatched: 'delete' },
      [
        'unmatched: bad value for "unmatched": it says how a merge writes; use materialize: incremental with strategy: merge and unique_key, or leave "unmatched" out',
      ],
    ],
    [
      'sql',
      {
        materialize: 'incremental',
        unique_key: 'a',
        insert_only: true,
        unmatched: 'delete',
        time_column: 't',
        start: '2024-01-01',
        lookback: 2,
      },
      [
        'unmatched: bad value for "unmatched": with time_column and start a run reads only the intervals that it owes, so unmatched: delete would delete all others; leave "start" out, so that each run reads everything, or use unmatched: keep',
      ],
    ],
    [
      'sql',
      { materialize: 'incremental', unique_key: 'a', insert_only: true, refresh: 'streaming' },
      [
        'insert_only: bad value for "insert_only": a streaming cell is made commit by commit and merges nothing; leave "insert_only" out, or use refresh: auto',
      ],
    ],
    [
      'source',
      {},
      [
        'type: missing key "type": expected csv, json, parquet, avro, excel, http, postgres, mysql, s3, kafka, kinesis, webhook, simulator or table',
      ],
    ],
    ['source', { type: 'csv', paht: 'x' }, ['paht: unknown key "paht"; did you mean "path"?']],
    [
      'source',
      { type: 'simulator', template: 'web_events', dirt: '2' },
      ['dirt: bad value for "dirt": expected a share such as 2%, got "2"'],
    ],
    [
      'chart',
      { from: 'a', type: 'bar', y: [{ column: 'b', agregate: 'sum' }] },
      ['y.0.agregate: unknown key "agregate"; did you mean "aggregate"?'],
    ],
    [
      'chart',
      { from: 'a', type: 'bar', x: 5 },
      ['x: bad value for "x": expected text or a map { column, aggregate, bucket, label, format }, got 5'],
    ],
    ['input', { type: 'select' }, ['options: missing key "options": a select offers a list or { from, column }']],
    [
      'input',
      { type: 'number', default: 'x' },
      ['default: bad value for "default": a number expects a number, got "x"'],
    ],
    [
      'model',
      { task: 'forecast', from: 'a', target: 'b' },
      ['time_column: missing key "time_column": a forecast goes along time'],
    ],
    [
      'source',
      { type: 'kafka' },
      ['topic: missing key "topic": say which topic to read, or topics: [a, b], or topic_pattern:'],
    ],
    ['source', { type: 'kafka', topcis: ['a'] }, ['topcis: unknown key "topcis"; did you mean "topics"?']],
    [
      'source',
      { type: 'kafka', topic: 'a', topics: ['b'], topic_pattern: 'c' },
      [
        'topics: topic and topics stand together: keep one of them',
        'topic_pattern: topic and topic_pattern stand together: keep one of them',
      ],
    ],
    [
      'source',
      { type: 'kafka', topics: ['a b'] },
      ['topics.0: bad value for "topics[0]": expected the name of a topic, got "a b"'],
    ],
    [
      'source',
      { type: 'kafka', topics: ['a', 'b'], start: { 0: 12 } },
      [
        'start: bad value for "start": offsets by partition are of one topic; of several, begin at earliest, latest or a time',
      ],
    ],
  ])('%s %j', (kind, config, expected) => {
    expect(messages(kind, config)).toEqual(expected);
  });

  it.each(['orders(', '(a+)+', '((a|b)c)*', '(a{1,9}){1,9}', '(?=a)b', '(a)\\1', '(?<x>a)\\k<x>', ''])(
    'refuses the pattern %j',
    (pattern) => {
      const { issues } = validateConfig('source', { type: 'kafka', topic_pattern: pattern });
      expect(issues.map(({ path, code }) => [path, code])).toEqual([[['topic_pattern'], 'bad-value']]);
    },
  );

  it('offers the word that was meant', () => {
    expect(validateConfig('chart', { from: 'a', type: 'bra' }).issues[0]).toMatchObject({
      code: 'bad-value',
      suggestion: 'bar',
    });
  });

  it.each<[CellKind, JsonObject]>([
    ['source', { type: 'kafka', topic: 'a', start: { 0: 12 }, format: { avro: { registry: 'http://r' } } }],
    ['source', { type: 'kafka', topics: ['a', 'b'], start: 'latest' }],
    ['source', { type: 'kafka', topic_pattern: 'shop\\.(eu|us)(\\d{2})?\\..+' }],
    ['source', { type: 'postgres', connection: 'shop', table: 'orders' }],
    ['source', { type: 'http', url: 'https://a.b', pagination: { type: 'page', param: 'p', size: 10 } }],
    ['source', { type: 'table', table: 'silver.orders' }],
    ['sql', { materialize: 'incremental', unique_key: 'a', sequence_by: 'v', insert_only: true, unmatched: 'delete' }],
    ['sql', { unique_key: 'a', insert_only: false, unmatched: 'keep' }],
    [
      'sql',
      { unique_key: ['a', 'b'], partition_by: 'month(d)', lookback: 2, start: '2024-01-01', allow_partials: true },
    ],
    ['sql', { expect: [{ unique: 'id', severity: 'warn' }, { freshness: { column: 't', max_age: '2 hours' } }] }],
    ['sql', { columns: { cpf: { description: 'digits', tags: ['pii'] } } }],
    ['transform', { layer: 'gold', from: 'raw', steps: [{ drop: 'a' }] }],
    [
      'chart',
      { from: 'a', type: 'pivot', rows: ['a'], columns: ['b'], values: ['c', { column: 'd', aggregate: 'avg' }] },
    ],
    ['input', { type: 'daterange', default: ['2024-01-01', '2024-12-31'] }],
    ['input', { type: 'multiselect', options: { from: 'a', column: 'b' }, default: ['x'] }],
  ])('takes %s %j', (kind, config) => {
    expect(validateConfig(kind, config).issues).toEqual([]);
  });

  it('never throws, whatever the config holds', () => {
    const odd: JsonObject[] = [
      { type: ['csv'] },
      { type: '__proto__' },
      { expect: {} },
      { expect: [null, [], 1] },
      { y: [[], null] },
    ];
    for (const kind of ['source', 'sql', 'transform', 'model', 'chart', 'input'] as const) {
      for (const config of odd) expect(validateConfig(kind, config).issues.length).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('validateMeta', () => {
  it('takes the schedule of the contract and names what is wrong in others', () => {
    const schedule = { cron: '0 6 * * *', timezone: 'America/Sao_Paulo', overlap: 'skip', missed: 'latest' };
    expect(validateMeta({ schedule, description: 'x', tags: ['a'] }).issues).toEqual([]);
    expect(validateMeta({ schedule: { ...schedule, mised: 'all' } }).issues).toMatchObject([
      { path: ['schedule', 'mised'], suggestion: 'missed' },
    ]);
  });
});

describe('canonicalKeys', () => {
  it('depend on the type of a source', () => {
    expect(canonicalKeys('source', { type: 'csv' }).slice(0, 3)).toEqual(['type', 'path', 'delimiter']);
    expect(canonicalKeys('source', { type: 'simulator' }).slice(0, 2)).toEqual(['type', 'template']);
  });
});

describe('nearest', () => {
  it('counts a swap of neighbours as one edit', () => {
    expect(editDistance('paht', 'path')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
  });

  it('offers nothing for a word that is far from all', () => {
    expect(nearest('banana', ['path', 'type'])).toBe(null);
    expect(nearest('Unique-Key', ['unique_key'])).toBe('unique_key');
  });
});
