import type { RemoteAccess } from '../source.ts';
import { Fault } from '@datacraft/shared';

/** Access as a server gives it: what is not in the lists is `not-found`. */
export function remoteAccess(
  allowedHosts: readonly string[],
  secrets: Readonly<Record<string, string>> = {},
  connections: Readonly<Record<string, Awaited<ReturnType<RemoteAccess['connection']>>>> = {},
): RemoteAccess {
  const found = <Value>(kind: string, name: string, value: Value | undefined) =>
    value === undefined
      ? Promise.reject(new Fault('not-found', `there is no ${kind} ${name}`))
      : Promise.resolve(value);
  return {
    allowedHosts,
    secret: (name) => found('secret', name, secrets[name]),
    connection: (name) => found('connection', name, connections[name]),
  };
}
