import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { makeCa, makeSigned } from './testing/certificates.ts';
import { checkedTls, openTls } from './tls.ts';
import { placeIn } from './place.ts';

const ca = makeCa('Shop CA');
const own = makeSigned(ca, 'reader');
const other = makeSigned(ca, 'other');
/** Behind the second from which they hold. */
const now = new Date();
const tls = { ca: ca.certificate, certificate: own.certificate, key: own.key };

describe('certificates of one’s own', () => {
  it('are taken as PEM, also where a field of one line lost the line ends', () => {
    const whole = checkedTls(tls, now);
    expect(whole.ca).toEqual([ca.certificate]);
    expect(whole.cert).toBe(own.certificate);
    const oneLine = (text: string) => text.replaceAll('\n', ' ');
    const pressed = { ca: oneLine(tls.ca), certificate: oneLine(tls.certificate), key: tls.key.replaceAll('\n', '') };
    expect(checkedTls(pressed, now)).toEqual(whole);
  });

  it('may be several: a bundle of CAs, and a chain', () => {
    const bundle = `# ours\n${ca.certificate}\n# theirs\n${other.certificate}`;
    expect(checkedTls({ ca: bundle, certificate: own.certificate + ca.certificate }, now)).toEqual({
      ca: [ca.certificate, other.certificate],
      cert: own.certificate + ca.certificate,
    });
  });

  it.each([
    ['something else', { ca: 'hello' }, /^ca: this is no certificate in PEM/],
    ['half a certificate', { ca: ca.certificate.replace(/\n[^\n]{64}\n/, '\n') }, /^ca: this is no certificate in PEM/],
    ['a key where a certificate belongs', { ...tls, certificate: own.key }, /^certificate: this is a private key/],
    ['a certificate where the key belongs', { ...tls, key: own.certificate }, /^key: this is no private key in PEM/],
    ['the key of another', { ...tls, key: other.key }, /^key: it does not belong to the certificate of reader/],
  ])('say what is wrong: %s', (_what, given, said) => {
    expect(() => checkedTls(given, now)).toThrow(said);
    const message = caught(() => checkedTls(given, now));
    expect(message).not.toContain(own.key.split('\n')[1]);
  });

  it('say that one is over, or not yet good', () => {
    const later = new Date(now.getTime() + 40 * 86_400_000);
    expect(() => checkedTls({ ca: ca.certificate }, later)).toThrow(
      /^ca: the certificate of Shop CA expired on \d{4}-/,
    );
    const before = new Date(now.getTime() - 86_400_000);
    expect(() => checkedTls(tls, before)).toThrow(/begins to hold on/);
  });

  it('say that a key is locked', () => {
    const args = ['pkey', '-aes128', '-passout', 'pass:x'];
    const locked = execFileSync('openssl', args, { input: own.key, encoding: 'utf8' });
    expect(() => checkedTls({ ...tls, key: locked }, now)).toThrow(/^key: it is locked with a password; open it/);
  });

  it('are of two parts, and what is stored goes to the brokers alone', async () => {
    const asked: unknown[] = [];
    const remote = {
      secret: (name: string, to: unknown) => (asked.push([name, to]), Promise.resolve(own.key)),
    } as never;
    await expect(openTls({ certificate: own.certificate }, remote, ['kafka.example.com'])).rejects.toThrow(
      /private key/,
    );
    await expect(openTls({ key: 'secret://k' }, remote, ['kafka.example.com'])).rejects.toThrow(
      /needs its certificate/,
    );
    const opened = await openTls({ ...tls, key: 'secret://k' }, remote, ['kafka.example.com']);
    expect(opened.key).toContain('PRIVATE KEY');
    expect(asked).toEqual([['k', ['kafka.example.com']]]);
  });

  it('come from a connection, where it is encrypted', () => {
    const config = { brokers: 'localhost:9093', security: 'tls', ca: 'x', certificate: 'y', key: 'secret://k' };
    expect(placeIn(config)).toMatchObject({ ssl: true, tls: { ca: 'x', certificate: 'y', key: 'secret://k' } });
    expect(placeIn({ ...config, security: 'none' })).not.toHaveProperty('tls');
  });
});

function caught(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    return String(error);
  }
}
