/** Certificates of one's own: a CA to trust, and what proves who asks. What is wrong with them is said before a broker is. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { JsonObject, KafkaSource, KafkaTls, Said } from '@datacraft/shared';
import { asSaid, Fault, isFault, say } from '@datacraft/shared';
import { revealed } from '../http/credentials.ts';
import type { Destination, RemoteAccess } from '../source.ts';
import { placeIn } from './place.ts';

/** Without their ports: where what is secret of a cell or connection goes. */
export function brokerHosts({ brokers = [] }: Pick<KafkaSource, 'brokers'>): string[] {
  return brokers.map((broker) => broker.replace(/:\d+$/, ''));
}

/** As sockets take it. */
export interface TlsMaterial {
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g;

/** The blocks of a PEM text, written as they should be: a field of one line may have lost its line ends. */
function blocksOf(text: string): { label: string; pem: string }[] {
  return [...text.matchAll(BLOCK)].map(([, label = '', body = '']) => {
    const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
    return { label, pem: `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n` };
  });
}

function certificatesIn(key: string, text: string, now: Date): X509Certificate[] {
  const blocks = blocksOf(text);
  if (blocks.some(({ label }) => label.endsWith('PRIVATE KEY')))
    throw wrong(say('{key}: this is a private key; store it as a secret, and name that as key:', { key }));
  const found = blocks.filter(({ label }) => label === 'CERTIFICATE').map(({ pem }) => read(key, pem));
  if (found.length === 0) throw notPem(key);
  for (const each of found) checkDates(key, each, now);
  return found;
}

function read(key: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw notPem(key); // what OpenSSL says of it helps nobody
  }
}

function notPem(key: string): Fault {
  return wrong(
    say(
      '{key}: this is no certificate in PEM, a text that begins with -----BEGIN CERTIFICATE-----; give the whole file',
      {
        key,
      },
    ),
  );
}

function checkDates(key: string, certificate: X509Certificate, now: Date): void {
  const [from, to] = [certificate.validFromDate, certificate.validToDate];
  const facts = { key, subject: nameOf(certificate) };
  if (to < now)
    throw wrong(
      say('{key}: the certificate of {subject} expired on {date}; ask whoever gave it for a new one', {
        ...facts,
        date: to.toISOString().slice(0, 10),
      }),
    );
  if (from > now)
    throw wrong(
      say('{key}: the certificate of {subject} begins to hold on {date}; look at the clock, or ask for another one', {
        ...facts,
        date: from.toISOString().slice(0, 10),
      }),
    );
}

function nameOf({ subject, fingerprint256 }: X509Certificate): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? fingerprint256.slice(0, 11);
}

function keyIn(text: string, certificate: X509Certificate): string {
  const [block] = blocksOf(text).filter(({ label }) => label.endsWith('PRIVATE KEY'));
  if (!block)
    throw wrong(
      asSaid(
        'key: this is no private key in PEM, a text that begins with -----BEGIN PRIVATE KEY-----; give the whole file',
      ),
    );
  if (block.label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type:.*ENCRYPTED/m.test(text))
    throw wrong(
      asSaid('key: it is locked with a password; open it by `openssl pkey -in key.pem -out open.pem`, and store that'),
    );
  let key;
  try {
    key = createPrivateKey(block.pem);
  } catch {
    throw wrong(asSaid('key: this private key cannot be read; give the whole file, as it was made'));
  }
  if (!certificate.checkPrivateKey(key))
    throw wrong(
      say('key: it does not belong to the certificate of {subject}; give the two that were made together', {
        subject: nameOf(certificate),
      }),
    );
  return block.pem;
}

/** Throws `bad-request` with what to do. A `key` that is not given is not looked at. */
export function checkedTls({ ca, certificate, key }: KafkaTls, now: Date): TlsMaterial {
  const own = certificate === undefined ? [] : certificatesIn('certificate', certificate, now);
  const [first] = own;
  return {
    ...(ca === undefined ? {} : { ca: certificatesIn('ca', ca, now).map(String) }),
    ...(first === undefined ? {} : { cert: own.map(String).join('') }),
    ...(first === undefined || key === undefined ? {} : { key: keyIn(key, first) }),
  };
}

/** One without the other proves nothing. */
export function refuseHalf({ certificate, key }: KafkaTls): void {
  if ((certificate === undefined) === (key === undefined)) return;
  throw wrong(
    certificate === undefined
      ? asSaid('key: it needs its certificate; give certificate: too, or leave both out')
      : asSaid('certificate: it needs its private key; store that as a secret and give key: too, or leave both out'),
  );
}

/** With what is stored as secrets, which go to these hosts alone. */
export async function openTls(tls: KafkaTls, remote: RemoteAccess, to: Destination): Promise<TlsMaterial> {
  refuseHalf(tls);
  const given = await Promise.all(
    Object.entries(tls).map(
      async ([name, text]: [string, string]) => [name, await revealed(text, remote, to)] as const,
    ),
  );
  return checkedTls(Object.fromEntries(given), new Date());
}

/** Before a connection is kept. A secret that is not there yet is looked at when it is used. */
export async function checkTlsOfConnection(config: JsonObject, remote: RemoteAccess): Promise<void> {
  const { tls, brokers = [] } = placeIn(config);
  if (tls === undefined) return;
  refuseHalf(tls);
  const known = await Promise.all(
    Object.entries(tls).map(async ([name, text]: [string, string]) => {
      const value = await revealed(text, remote, brokerHosts({ brokers })).catch((error: unknown) => {
        if (isFault(error)) return undefined;
        throw error;
      });
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  checkedTls(Object.fromEntries(known.flat()), new Date());
}

function wrong(words: Said): Fault {
  return new Fault('bad-request', words);
}
