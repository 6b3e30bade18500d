import { describe, expect, it } from 'vitest';
import { mayGoTo } from './destination.ts';

describe('where a secret may go', () => {
  it.each([
    ['api.example.com', ['api.example.com'], true],
    ['API.Example.COM.', ['api.example.com'], true],
    ['evil.com', ['api.example.com'], false],
    ['api.example.com.evil.com', ['api.example.com', '*.example.com'], false],
    ['evilexample.com', ['*.example.com'], false],
    ['example.com', ['*.example.com'], false],
    ['a.b.example.com', ['*.example.com'], true],
    ['a.example.com', ['.example.com'], true],
    ['[::1]', ['::1'], true],
    ['169.254.169.254', ['*.254'], true],
    ['', ['*.example.com'], false],
  ])('%s under %j: %s', (host, bound, may) => {
    expect(mayGoTo(host, bound, [])).toBe(may);
  });

  it('is, for one that names no hosts, only where the operator lets private addresses be reached', () => {
    expect(mayGoTo('api.example.com', [], [])).toBe(false);
    expect(mayGoTo('localhost', [], ['127.0.0.1', 'localhost:8080'])).toBe(true);
    expect(mayGoTo('api.example.com', ['other.com'], ['api.example.com'])).toBe(false);
  });
});
