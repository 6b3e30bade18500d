import { z } from 'zod';
import type { JsonObject } from '../../json.ts';
import { asSaid, say } from '../../said/said.ts';
import type { ConfigIssue } from './issue.ts';
import { word } from './schema-parts.ts';

/** Keys of a stream's place, in canonical order, before those of every source. */
export const kinesisKeys = {
  connection: word.exactOptional(),
  stream: word,
  region: word.exactOptional(),
  endpoint: word.exactOptional(),
  access_key: word.exactOptional(),
  secret_key: word.exactOptional(),
  session_token: word.exactOptional(),
  format: z
    .union([z.enum(['json', 'raw']), z.strictObject({ avro: z.strictObject({ schema: word }) })])
    .exactOptional(),
  start: word.exactOptional(),
};

const PLACE_KEYS = ['region', 'endpoint', 'access_key', 'secret_key', 'session_token'];

/** A stream is found by a stored connection, or by the keys of who may read it. */
export function kinesisRules(config: JsonObject): ConfigIssue[] {
  if (config['type'] !== 'kinesis') return [];
  if (config['connection'] === undefined)
    return ['access_key', 'secret_key'].flatMap((key) => (config[key] === undefined ? [missing(key)] : []));
  const message = (key: string) =>
    say('"{key}" is said by the connection: leave it out here, or leave out connection', { key });
  return PLACE_KEYS.filter((key) => config[key] !== undefined).map((key) => ({
    path: [key],
    code: 'bad-value' as const,
    message: message(key),
  }));
}

function missing(key: string): ConfigIssue {
  const because = asSaid('a stream is read with a key, or through a connection of type kinesis');
  return { path: [key], code: 'missing-key', message: say('missing key "{key}": {because}', { key, because }) };
}
