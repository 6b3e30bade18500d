import { describe, expect, it } from 'vitest';
import { isKnownHost, unknownHost } from './host.ts';

const bare = { host: '127.0.0.1', publicUrl: null };

describe('the host a request names', () => {
  it.each(['localhost:4321', '127.0.0.1:4321', '[::1]:4321', '192.168.1.20', 'LOCALHOST', 'app.localhost:80'])(
    'is taken when it is %s',
    (host) => expect(isKnownHost({ host }, bare)).toBe(true),
  );

  it.each(['evil.example:4321', 'localhost.evil.example', '127.0.0.1.evil.example', 'a b', ''])(
    'is refused when it is "%s": a name of somebody else may point here',
    (host) => expect(isKnownHost({ host }, bare)).toBe(false),
  );

  it('is the one that the server was bound to', () => {
    expect(isKnownHost({ host: 'data.internal:80' }, { ...bare, host: 'data.internal' })).toBe(true);
  });

  it('is for the proxy to say when an address is configured, and for a token to prove', () => {
    expect(isKnownHost({ host: 'inner:4321' }, { ...bare, publicUrl: 'https://data.example.com' })).toBe(true);
    expect(isKnownHost({ host: 'inner:4321', authorization: 'Bearer dc_x' }, bare)).toBe(true);
    expect(isKnownHost({ host: 'inner:4321', authorization: 'Basic x' }, bare)).toBe(false);
  });

  it('is answered with what to do', () => {
    expect(unknownHost({ host: 'evil.example' })).toMatchObject({ status: 421, code: 'misdirected' });
  });
});
