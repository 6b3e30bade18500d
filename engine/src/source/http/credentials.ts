import type { HttpAuth, HttpSource } from '@datacraft/shared';
import { Fault, say, unreachable } from '@datacraft/shared';
import { guardedRequest, parseHttpUrl, shownUrl } from '../network/guarded-request.ts';
import type { Destination, RemoteAccess } from '../source.ts';

/** What proves to an API who asks. Only ever sent to the origin of the cell's `url`. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** The address with what belongs into its query. */
  signed(url: URL): URL;
}

/** A stored one, or one of a provider: `vault/team/api#token`, `aws/prod/api#token`. */
const SECRET =
  /^secret:\/\/([A-Za-z0-9_.-]+|(?:vault|aws)\/[A-Za-z0-9_.+=@-]+(?:\/[A-Za-z0-9_.+=@-]+)*(?:#[A-Za-z0-9_.-]+)?)$/;

/** A text of the cell, or the stored secret that it names, which may be sent to these hosts alone. */
export async function revealed(text: string, remote: Pick<RemoteAccess, 'secret'>, to: Destination): Promise<string> {
  const name = SECRET.exec(text)?.[1];
  if (name === undefined && text.startsWith('secret://'))
    throw new Fault(
      'bad-request',
      say('{text} names no secret; its form is secret://name, secret://vault/path#field or secret://aws/name#field', {
        text,
      }),
    );
  return name === undefined ? text : remote.secret(name, to);
}

export async function credentialsOf(
  spec: HttpSource,
  remote: RemoteAccess,
  signal?: AbortSignal,
): Promise<Credentials> {
  const headers: Record<string, string> = {};
  const to = [parseHttpUrl(spec.url).hostname];
  for (const [name, value] of Object.entries(spec.headers ?? {}))
    headers[name.toLowerCase()] = await revealed(value, remote, to);
  const auth = spec.auth ?? { type: 'none' };
  const query = await authorise({ auth, to, headers }, remote, signal);
  return {
    headers,
    signed: (url) => {
      if (query === null) return url;
      const signed = new URL(url);
      signed.searchParams.set(query.name, query.value);
      return signed;
    },
  };
}

/** Adds to the headers, or answers what goes into the query. */
async function authorise(
  { auth, to, headers }: { auth: HttpAuth; to: Destination; headers: Record<string, string> },
  remote: RemoteAccess,
  signal: AbortSignal | undefined,
): Promise<{ name: string; value: string } | null> {
  switch (auth.type) {
    case 'none':
      return null;
    case 'basic': {
      const pair = `${await revealed(auth.username, remote, to)}:${await revealed(auth.password, remote, to)}`;
      headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
      return null;
    }
    case 'bearer':
      headers['authorization'] = `Bearer ${await revealed(auth.token, remote, to)}`;
      return null;
    case 'api_key': {
      const value = await revealed(auth.key, remote, to);
      if (auth.in === 'query') return { name: auth.name ?? 'api_key', value };
      headers[(auth.name ?? 'x-api-key').toLowerCase()] = value;
      return null;
    }
    case 'oauth2':
      headers['authorization'] = `Bearer ${await accessToken(auth, remote, signal)}`;
      return null;
    default:
      return unreachable(auth);
  }
}

/** RFC 6749 §4.4, client credentials in the body. */
async function accessToken(
  auth: Extract<HttpAuth, { type: 'oauth2' }>,
  remote: RemoteAccess,
  signal: AbortSignal | undefined,
): Promise<string> {
  const url = parseHttpUrl(auth.token_url);
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: await revealed(auth.client_id, remote, [url.hostname]),
    client_secret: await revealed(auth.client_secret, remote, [url.hostname]),
    ...(auth.scope === undefined ? {} : { scope: auth.scope }),
  });
  const response = await guardedRequest(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
    allowedHosts: remote.allowedHosts,
    timeoutMs: 30_000,
    ...(signal ? { signal } : {}),
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const token = response.statusCode === 200 ? tokenIn(Buffer.concat(chunks).toString('utf8')) : null;
  if (token !== null) return token;
  const reason = say('{url} gave no access token (status {status}); check client_id, client_secret and scope', {
    url: shownUrl(url),
    status: response.statusCode ?? 0,
  });
  throw new Fault('source-unreadable', reason, { file: shownUrl(url) });
}

function tokenIn(body: string): string | null {
  try {
    const { access_token: token } = JSON.parse(body) as { access_token?: unknown };
    return typeof token === 'string' ? token : null;
  } catch {
    // An answer that is not JSON holds no token.
    return null;
  }
}
