import { describe, expect, it } from 'vitest';
import { brokerAway, noTopic, unreachable } from './unreachable.ts';

const named = (name: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

describe('a topic that cannot be read', () => {
  it.each([
    [named('KafkaJSConnectionError', 'Connection error: connect ECONNREFUSED 127.0.0.1:1'), /no broker answers .*runs/],
    [named('KafkaJSSASLAuthenticationError', 'Invalid username'), /refuses the login .*password/],
    [named('KafkaJSProtocolError', 'x', { type: 'UNKNOWN_TOPIC_OR_PARTITION' }), /no such topic; look at its name/],
    [named('KafkaJSProtocolError', 'x', { type: 'TOPIC_AUTHORIZATION_FAILED' }), /may not read it; allow it/],
    [
      named('KafkaJSNumberOfRetriesExceeded', 'x', { cause: named('KafkaJSConnectionError', 'gone') }),
      /no broker answers/,
    ],
    ['something else', /something else; look at brokers/],
  ])('says why and what to look at: %s', (error, said) => {
    expect(unreachable('sold', error).message).toMatch(/^the topic sold cannot be read/);
    expect(unreachable('sold', error).message).toMatch(said);
    expect(brokerAway('shop', error).message).toMatch(/^the broker of shop cannot be read/);
  });

  it('is not there', () => {
    expect(noTopic('sold').message).toContain('there is no such topic; look at its name');
  });
});
