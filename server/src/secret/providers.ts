/**
 * Secrets that are kept elsewhere: a Vault (KV version 2) and AWS Secrets Manager. Where they are and who asks is of the
 * operator's environment alone. Who keeps the secret there says where it may go: the custom metadata
 * `datacraft_hosts` in Vault, the tag `datacraft:hosts` at Amazon.
 */
import { text } from 'node:stream/consumers';
import { guardedRequest, parseHttpUrl, signed } from '@datacraft/engine';
import { Fault, asSaid, say } from '@datacraft/shared';
import { hostsIn } from './destination.ts';

export interface Kept {
  readonly value: string;
  readonly hosts: readonly string[];
}

/** Answers what is kept under a path, and of it one field. */
export type Provider = (path: string, field: string | undefined) => Promise<Kept>;
export type Environment = Readonly<Record<string, string | undefined>>;

const TIMEOUT_MS = 15_000;

/** Throws `config-invalid` when a provider is half set. */
export function providersOf(env: Environment): ReadonlyMap<string, Provider> {
  const vault = vaultOf(env);
  const aws = awsOf(env);
  return new Map([...(vault ? [['vault', vault] as const] : []), ...(aws ? [['aws', aws] as const] : [])]);
}

function vaultOf(env: Environment): Provider | null {
  const { DATACRAFT_VAULT_ADDR: address, DATACRAFT_VAULT_TOKEN: token, DATACRAFT_VAULT_NAMESPACE: space } = env;
  if (!address) return null;
  if (!token) throw missing('DATACRAFT_VAULT_TOKEN', 'DATACRAFT_VAULT_ADDR');
  const base = addressIn('DATACRAFT_VAULT_ADDR', address);
  const mount = env['DATACRAFT_VAULT_MOUNT'] ?? 'secret';
  const headers = { 'x-vault-token': token, ...(space ? { 'x-vault-namespace': space } : {}) };
  return async (path, field) => {
    const url = new URL(`${base.href.replace(/\/$/, '')}/v1/${mount}/data/${path}`);
    const { status, body } = await ask(url, { headers });
    if (status !== 200) throw refused('Vault', path, status, 'DATACRAFT_VAULT_TOKEN');
    const { data, metadata } = recordIn(recordIn(body)['data']) as Record<string, unknown>;
    const hosts = recordIn(recordIn(metadata)['custom_metadata'])['datacraft_hosts'];
    return { value: fieldOf(recordIn(data), field, `vault/${path}`), hosts: hostsIn(textIn(hosts)) };
  };
}

function awsOf(env: Environment): Provider | null {
  const region = env['DATACRAFT_AWS_SECRETS_REGION'];
  if (!region) return null;
  const { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey, AWS_SESSION_TOKEN: session } = env;
  if (!accessKey || !secretKey)
    throw missing('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY', 'DATACRAFT_AWS_SECRETS_REGION');
  const address = env['DATACRAFT_AWS_SECRETS_ENDPOINT'] ?? `https://secretsmanager.${region}.amazonaws.com/`;
  const url = new URL('/', addressIn('DATACRAFT_AWS_SECRETS_ENDPOINT', address));
  const signer = { region, accessKey, secretKey, sessionToken: session ?? null };
  const call = async (action: string, id: string) => {
    const body = JSON.stringify({ SecretId: id });
    const said = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `secretsmanager.${action}` };
    const headers = signed({ method: 'POST', url, headers: said, body }, signer, new Date(), 'secretsmanager');
    const answer = await ask(url, { method: 'POST', headers, body });
    if (answer.status !== 200) throw refused('AWS Secrets Manager', id, answer.status, 'the rights of its key');
    return recordIn(answer.body);
  };
  return async (id, field) => {
    const [{ SecretString: kept }, { Tags: tags }] = [
      await call('GetSecretValue', id),
      await call('DescribeSecret', id),
    ];
    const tag = (Array.isArray(tags) ? tags : []).map(recordIn).find(({ Key }) => Key === 'datacraft:hosts');
    const value = textIn(kept) ?? '';
    const whole = field === undefined ? value : fieldOf(jsonIn(value), field, `aws/${id}`);
    return { value: whole, hosts: hostsIn(textIn(tag?.['Value'])) };
  };
}

/** The operator named the place: it may be a private one. */
async function ask(url: URL, request: { method?: string; headers: Record<string, string>; body?: string }) {
  const answer = await guardedRequest(url, { ...request, allowedHosts: [url.hostname], timeoutMs: TIMEOUT_MS });
  const said = await text(answer);
  return { status: answer.statusCode ?? 0, body: jsonIn(said) };
}

function fieldOf(fields: Readonly<Record<string, unknown>>, field: string | undefined, name: string): string {
  const names = Object.keys(fields);
  const found = fields[field ?? (names.length === 1 ? (names[0] ?? '') : '')];
  if (typeof found === 'string' || typeof found === 'number') return String(found);
  throw new Fault('not-found', say('secret://{name} has no such field; name one of its fields behind #', { name }), {
    secret: name,
  });
}

function refused(who: string, name: string, status: number, check: string): Fault {
  if (status >= 500)
    return new Fault(
      'source-unreadable',
      say(
        '{who} did not give {name} (status {status}): it is sealed, or not well now; unseal it or wait, then try again',
        {
          who,
          name,
          status,
        },
      ),
      { secret: name },
    );
  const what = status === 404 || status === 400 ? 'has no such secret, or may not say so' : 'did not give it';
  return new Fault(
    'not-found',
    say('{who} {what} ({name}, status {status}); check the name and {check}', {
      who,
      what: asSaid(what),
      name,
      status,
      check,
    }),
    {
      secret: name,
    },
  );
}

function missing(name: string, because: string): Fault {
  return new Fault(
    'config-invalid',
    say('{name}: expected a value because {because} is set, got none', { name, because }),
  );
}

function addressIn(name: string, address: string): URL {
  if (URL.canParse(address)) return parseHttpUrl(address);
  throw new Fault(
    'config-invalid',
    say('{name}: expected an address such as https://vault:8200, got "{address}"', { name, address }),
  );
}

function jsonIn(said: string): Record<string, unknown> {
  try {
    return recordIn(JSON.parse(said));
  } catch {
    // What is no JSON has no fields; whoever asks for one says so.
    return {};
  }
}

function recordIn(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
