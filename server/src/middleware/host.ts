import { hostname } from 'node:os';
import { isIP } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http';
import type { Problem } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { Config } from '../config.ts';
import { problemOf } from './problem.ts';

/**
 * Whether a request names this server in a way that only somebody who means it can. A page of another site may have its
 * own name point at this machine (DNS rebinding): its requests then look like ours, but for the name. Addresses cannot
 * be pointed elsewhere. With DATACRAFT_URL a proxy stands before us and says the names. A bearer token proves itself.
 */
export function isKnownHost(headers: IncomingHttpHeaders, config: Pick<Config, 'host' | 'publicUrl'>): boolean {
  const { host, authorization } = headers;
  if (config.publicUrl !== null || host === undefined || /^bearer /i.test(authorization ?? '')) return true;
  const url = URL.parse(`http://${host}`);
  if (url === null) return false;
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const known = ['localhost', config.host.toLowerCase(), hostname().toLowerCase()];
  return isIP(name) !== 0 || known.includes(name) || name.endsWith('.localhost');
}

export function unknownHost(headers: IncomingHttpHeaders): Problem {
  const shown = (headers.host ?? '').slice(0, 100);
  return problemOf(
    new Fault(
      'misdirected',
      say(
        'this server is not known as "{shown}"; open it by its address or as localhost, or start it with DATACRAFT_URL set to the address people use',
        { shown },
      ),
      { host: shown },
    ),
  );
}
