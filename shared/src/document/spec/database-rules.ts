import type { Words } from '../../said/said.ts';
import { asSaid, say } from '../../said/said.ts';
import type { JsonObject } from '../../json.ts';
import type { ConfigIssue } from './issue.ts';

/** What the keys of `postgres` and `mysql` sources demand of each other. */
export function databaseRules(config: JsonObject): ConfigIssue[] {
  const { type, table, query } = config;
  if (type !== 'postgres' && type !== 'mysql') return [];
  const placed = ['connection', 'url', 'host'].some((key) => config[key] !== undefined);
  return [
    ...(placed ? [] : needs(config, 'connection', 'a database is found by connection, url or host')),
    ...(config['connection'] === undefined
      ? []
      : ['url', 'host', 'port', 'user', 'password'].flatMap((key) => beside(config, key))),
    ...(config['mode'] === 'cdc' ? ['query', 'incremental'].flatMap((key) => notOfCdc(config, key)) : []),
    ...(config['mode'] === 'cdc' && config['rejects'] === 'table' ? notOfCdc(config, 'rejects') : []),
    ...(query === undefined ? needs(config, 'table', 'say which table to read, or write a query') : []),
    ...(table !== undefined && query !== undefined
      ? [{ path: ['query'], code: 'bad-value' as const, message: 'table and query stand together: keep one of them' }]
      : []),
  ];
}

/** A stored password goes to no other host than the stored one. */
function beside(config: JsonObject, key: string): ConfigIssue[] {
  if (config[key] === undefined) return [];
  const message = say('"{key}" is said by the connection: leave it out here, or leave out connection', { key });
  return [{ path: [key], code: 'bad-value', message }];
}

function notOfCdc(config: JsonObject, key: string): ConfigIssue[] {
  if (config[key] === undefined) return [];
  const message = say('bad value for "{key}": mode cdc follows a whole table, row by row; leave {key} out', { key });
  return [{ path: [key], code: 'bad-value', message }];
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
