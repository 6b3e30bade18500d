import type { S3Source } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { revealed } from '../http/credentials.ts';
import { parseHttpUrl } from '../network/guarded-request.ts';
import type { RemoteAccess } from '../source.ts';
import type { Signer } from './sign.ts';

/** Where the objects are and who asks, as a cell or a connection says it. */
export type S3Words = Pick<
  S3Source,
  'connection' | 'endpoint' | 'region' | 'access_key' | 'secret_key' | 'session_token'
>;

/** A store of objects and who asks it. Without a signer only public objects are read. */
export interface S3Place {
  /** Null: Amazon's own. */
  readonly endpoint: URL | null;
  readonly region: string;
  readonly signer: Signer | null;
}

/** A stored key goes to the stored endpoint alone: a cell that names a connection says nothing else of the place. */
export async function s3PlaceOf(words: S3Words, remote: Pick<RemoteAccess, 'secret' | 'connection'>): Promise<S3Place> {
  const said = words.connection === undefined ? words : await storedWords(words.connection, remote);
  const region = said.region ?? 'us-east-1';
  const endpoint = said.endpoint === undefined ? null : parseHttpUrl(await revealed(said.endpoint, remote, hostIn));
  if (said.access_key === undefined || said.secret_key === undefined) return { endpoint, region, signer: null };
  const to = [endpoint?.hostname ?? `s3.${region}.amazonaws.com`];
  const signer: Signer = {
    region,
    accessKey: await revealed(said.access_key, remote, to),
    secretKey: await revealed(said.secret_key, remote, to),
    sessionToken: said.session_token === undefined ? null : await revealed(said.session_token, remote, to),
  };
  return { endpoint, region, signer };
}

function hostIn(value: string): string[] {
  return [parseHttpUrl(value).hostname];
}

async function storedWords(name: string, remote: Pick<RemoteAccess, 'connection'>): Promise<S3Words> {
  const { type, config } = await remote.connection(name);
  if (type === 's3') return config as S3Words;
  throw new Fault(
    'bad-request',
    say('the connection {name} is of type {type}; an s3:// path needs one of type s3', { name, type }),
    {
      connection: name,
    },
  );
}
