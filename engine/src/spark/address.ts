import { Fault, say } from '@datacraft/shared';

export interface SparkAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly user: string;
  readonly token: string | null;
}

const DEFAULT_PORT = 15_002;

/** Reads `sc://host:port/;user_id=ana;use_ssl=true;token=…`, as Spark's own clients do. A token wants TLS. */
export function readSparkAddress(text: string): SparkAddress {
  const match = /^sc:\/\/(\[[^\]]+\]|[^:/;]+)(?::(\d+))?\/?((?:;[^;]*)*)$/.exec(text);
  if (match === null)
    throw new Fault('config-invalid', 'a Spark address looks like sc://host:15002/;user_id=ana; write it so');
  const [, host = '', port, rest = ''] = match;
  const options = optionsIn(rest);
  const token = options.get('token') ?? null;
  const wantsTls = options.get('use_ssl')?.toLowerCase();
  if (token !== null && wantsTls === 'false')
    throw new Fault('config-invalid', 'a token would travel in clear; leave use_ssl=false out of the Spark address');
  return {
    host,
    port: port === undefined ? DEFAULT_PORT : Number(port),
    tls: wantsTls === 'true' || token !== null,
    user: options.get('user_id') ?? 'datacraft',
    token,
  };
}

function optionsIn(text: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const part of text.split(';').filter((each) => each !== '')) {
    const [key = '', value] = part.split('=', 2);
    if (value === undefined || !['user_id', 'use_ssl', 'token'].includes(key))
      throw new Fault(
        'config-invalid',
        say('a Spark address takes user_id, use_ssl and token, got {key}; leave that option out', { key }),
      );
    options.set(key, decodeURIComponent(value));
  }
  return options;
}
