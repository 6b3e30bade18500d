import type { Words } from '../../said/said.ts';
import { asSaid, say } from '../../said/said.ts';
import type { JsonObject } from '../../json.ts';
import type { ConfigIssue } from './issue.ts';
import { word } from './schema-parts.ts';

/** Where objects are and who asks for them, in canonical order. */
export const s3Place = {
  connection: word.exactOptional(),
  endpoint: word.exactOptional(),
  region: word.exactOptional(),
  access_key: word.exactOptional(),
  secret_key: word.exactOptional(),
  session_token: word.exactOptional(),
};

const PLACE_KEYS = ['endpoint', 'region', 'access_key', 'secret_key', 'session_token'];

/** What the keys of `s3` sources, and of file sources with a `connection`, demand. */
export function s3Rules(config: JsonObject): ConfigIssue[] {
  const { type, path, connection } = config;
  const inS3 = typeof path === 'string' && path.startsWith('s3://');
  if (type !== 's3') {
    if (connection === undefined || inS3 || !['csv', 'json', 'parquet', 'avro'].includes(String(type))) return [];
    return [bad('connection', 'only an s3:// path is read through a connection; leave connection out')];
  }
  const found: ConfigIssue[] = [];
  if (typeof path === 'string' && !/^s3:\/\/[^/]+\/./.test(path))
    found.push(bad('path', 'expected s3://bucket/key, with * for many objects'));
  if (connection !== undefined)
    for (const key of PLACE_KEYS)
      if (config[key] !== undefined)
        found.push(
          bad(key, say('"{key}" is said by the connection: leave it out here, or leave out connection', { key })),
        );
  if ((config['access_key'] === undefined) !== (config['secret_key'] === undefined))
    found.push(bad('secret_key', 'access_key and secret_key stand together'));
  return found;
}

function bad(key: string, why: Words): ConfigIssue {
  return { path: [key], code: 'bad-value', message: say('bad value for "{key}": {why}', { key, why: asSaid(why) }) };
}
