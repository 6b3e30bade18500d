import { type JsonObject, validateConfig } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { sourceFields } from './source-fields.ts';
import { changed, topKey, valueAt, wordAt } from './source-keys.ts';

const filled = (type: string, first: JsonObject): JsonObject => {
  let config: JsonObject = { type, ...first };
  const values: Record<
    string,
    (choices: readonly string[] | undefined) => string | number | boolean | string[] | JsonObject
  > = {
    number: () => 7,
    'yes-no': () => true,
    list: () => ['a'],
    types: () => ({ a: 'integer' }),
    choice: (choices) => choices?.[0] ?? 'x',
    connection: () => 'shop',
    secret: () => 'secret://x',
    stored: () => 'secret://x',
    text: () => 'x',
    start: () => ({ 0: 5 }),
  };
  for (const { key, kind, choices, when } of sourceFields[type] ?? []) {
    if (valueAt(config, key) !== undefined || when?.(config) === false) continue;
    const value = changed(config, key, key.endsWith('registry') ? 'https://r' : values[kind]?.(choices));
    config = { ...config, [topKey(key)]: value ?? null };
  }
  return config;
};

const watermark = { column: 't', delay: '10 seconds', idle: '1 minute' };

describe('the forms of sources', () => {
  it.each([
    ['http', { url: 'https://example.com', auth: { type: 'basic' }, pagination: { type: 'page' }, method: 'GET' }],
    ['http', { url: 'https://example.com', auth: { type: 'oauth2' }, pagination: { type: 'cursor' } }],
    ['http', { url: 'https://example.com', auth: { type: 'api_key' }, pagination: { type: 'offset' } }],
    ['postgres', { connection: 'shop', table: 't', query: '', mode: 'full' }],
    ['mysql', { connection: 'shop', table: 't', query: '' }],
    ['s3', { path: 's3://bucket/*.csv', connection: 'shop', format: 'csv' }],
    [
      'kafka',
      { topic: 't', brokers: ['h:9092'], connection: '', start: 'earliest', sasl: { mechanism: 'plain' }, watermark },
    ],
    ['kafka', { topics: ['a', 'b'], brokers: ['h:9092'], connection: '', start: 'latest', watermark }],
    ...['avro', 'protobuf', 'csv', 'raw'].map((format): [string, JsonObject] => [
      'kafka',
      { topic: 't', connection: 'c', format, watermark },
    ]),
    ['kafka', { topic_pattern: 'a.*', brokers: ['h:9092'], connection: '', start: 'latest', watermark }],
    ['webhook', { watermark }],
  ])('write what the schema of %s takes', (type, first) => {
    const all = Object.entries(filled(type, first)).filter(([, value]) => value !== '');
    const sane = Object.fromEntries(all.filter(([key]) => !['max_bad_ratio'].includes(key)));
    expect(validateConfig('source', sane).issues.map(({ path, message }) => [path.join('.'), message])).toEqual([]);
  });

  it('begin anew with another type, and leave nothing empty behind', () => {
    const config = { auth: { type: 'basic', username: 'a', password: 'b' }, incremental: { cursor: 'id' } };
    expect(changed(config, 'auth.type', 'bearer')).toEqual({ type: 'bearer' });
    expect(changed(config, 'auth.username', undefined)).toEqual({ type: 'basic', password: 'b' });
    expect(changed(config, 'incremental.cursor', undefined)).toBeUndefined();
    expect(valueAt(config, 'auth.password')).toBe('b');
  });

  it('give an event time how late it may be, and take that with it', () => {
    const watermark = { column: 'at', delay: '10 seconds' };
    expect(changed({}, 'watermark.column', 'at')).toEqual(watermark);
    expect(changed({ watermark: { ...watermark, delay: '1 minute' } }, 'watermark.column', 'sent')).toEqual({
      column: 'sent',
      delay: '1 minute',
    });
    expect(changed({ watermark }, 'watermark.column', undefined)).toBeUndefined();
  });

  it('say more of a word that may stand alone, and leave the word when there is no more to say', () => {
    const more = { avro: { registry: 'https://r' } };
    expect(changed({ format: 'avro' }, 'format.avro.registry', 'https://r')).toEqual(more);
    expect(valueAt({ format: more }, 'format.avro.registry')).toBe('https://r');
    expect(wordAt({ format: more }, 'format')).toBe('avro');
    expect(changed({ format: more }, 'format.avro.registry', undefined)).toBe('avro');
    expect(valueAt({ format: 'avro' }, 'format.avro.registry')).toBeUndefined();
  });
});
