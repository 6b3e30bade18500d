import { expect, it } from 'vitest';
import { readSparkAddress } from './address.ts';

it('an address names host, port, user and TLS, as for other clients of Spark', () => {
  expect(readSparkAddress('sc://spark.local')).toEqual({
    host: 'spark.local',
    port: 15_002,
    tls: false,
    user: 'datacraft',
    token: null,
  });
  expect(readSparkAddress('sc://[::1]:7077/;user_id=ana%20maria;token=a%3Bb')).toEqual({
    host: '[::1]',
    port: 7077,
    tls: true,
    user: 'ana maria',
    token: 'a;b',
  });
});

it.each([
  ['http://spark:15002', 'looks like sc://'],
  ['sc://', 'looks like sc://'],
  ['sc://spark:15002/;colour=red', 'got colour'],
  ['sc://spark:15002/;user_id', 'got user_id'],
  ['sc://spark:15002/;use_ssl=false;token=secret', 'in clear'],
])('%s is refused, without its secrets', (text, reason) => {
  expect(() => readSparkAddress(text)).toThrow(reason);
  expect(() => readSparkAddress(text)).not.toThrow(/secret/);
});
