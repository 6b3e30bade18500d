import { asSaid, Fault, say } from '@datacraft/shared';
import type { Why } from './tls-trouble.ts';
import { TLS_TROUBLE } from './tls-trouble.ts';

const NO_TOPIC = 'there is no such topic';
const ANSWERS_NOT = /KafkaJS(Connection|RequestTimeout|ConnectionClosed|BrokerNotFound|ConnectionRefused)/;
const KNOWN: readonly { readonly is: RegExp; why(detail: string): Why }[] = [
  {
    is: /SASLAuthentication|SASL_AUTHENTICATION_FAILED|ILLEGAL_SASL_STATE|UNSUPPORTED_SASL_MECHANISM/,
    why: (detail) => ({
      reason: say('the broker refuses the login ({detail})', { detail }),
      advice: asSaid('look at the user, the password and the mechanism of the login'),
    }),
  },
  {
    is: /UNKNOWN_TOPIC_OR_PARTITION|no such topic/,
    why: () => ({ reason: asSaid(NO_TOPIC), advice: asSaid('look at its name, or make it on the broker') }),
  },
  {
    is: /TOPIC_AUTHORIZATION_FAILED|the login may not read it/,
    why: () => ({
      reason: asSaid('the login may not read it'),
      advice: asSaid('allow it on the broker, or log in as somebody else'),
    }),
  },
  ...TLS_TROUBLE,
  {
    is: ANSWERS_NOT,
    why: (detail) => ({
      reason: say('no broker answers ({detail})', { detail }),
      advice: asSaid('see that it runs, and that brokers: has its address'),
    }),
  },
];

/** The broker, or a topic of it, did not give what was asked: why, as far as it says, and what to look at. */
export function unreachable(topic: string, error: unknown): Fault {
  const why = whyOf(error);
  return new Fault(
    'source-unreadable',
    say('the topic {topic} cannot be read: {reason}; {advice}', { topic, ...why }),
    { file: topic, away: true },
    { cause: error },
  );
}

/** The same of a connection, before any topic is asked for. */
export function brokerAway(connection: string, error: unknown): Fault {
  const why = whyOf(error);
  return new Fault(
    'source-unreadable',
    say('the broker of {connection} cannot be read: {reason}; {advice}', { connection, ...why }),
    { file: connection, away: true },
    { cause: error },
  );
}

/** There is none of this name. */
export function noTopic(topic: string): Fault {
  return unreachable(topic, NO_TOPIC);
}

function whyOf(error: unknown): Why {
  const detail = error instanceof Error ? error.message : String(error);
  const known = KNOWN.find(({ is }) => is.test(saidBy(error)));
  return known?.why(detail) ?? { reason: detail, advice: asSaid('look at brokers:, topic: and the login') };
}

/** Names, types and messages of an error and of what it came from. */
function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const type = 'type' in error ? String(error.type) : '';
  return `${error.name} ${type} ${error.message} ${error.cause === undefined ? '' : saidBy(error.cause)}`;
}
