/** What a broker answers instead of messages, by the numbers of its protocol. */
const KNOWN: Readonly<Record<number, string>> = {
  1: 'the broker does not have the offset',
  3: 'the broker does not have the partition',
  5: 'the partition has no leader',
  6: 'the broker does not lead the partition',
  7: 'the broker took too long',
  9: 'a replica is away',
  29: 'the login may not read it',
  56: 'the disk of the broker fails',
  74: 'the leader has changed',
  75: 'the leader has changed',
  76: 'the broker gives messages so compressed to newer readers only',
  78: 'the offset is not there yet',
};
const OUT_OF_RANGE = 1;
const PASSING: ReadonlySet<number> = new Set([3, 5, 6, 7, 9, 56, 74, 75, 78]);

export class BrokerError extends Error {
  override readonly name = 'BrokerError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export function brokerError(code: number, lane?: { readonly topic: string; readonly partition: number }): BrokerError {
  const where = lane ? ` (${lane.topic}, partition ${lane.partition})` : '';
  return new BrokerError(code, `${KNOWN[code] ?? `the broker answers error ${code}`}${where}`);
}

/** The offset that was asked for is gone, or not there. */
export function isOutOfRange(error: unknown): boolean {
  return error instanceof BrokerError && error.code === OUT_OF_RANGE;
}

/** Whether it may be gone at the next try: all that kafkajs says of connections, and what a broker says that changes. */
export function passes(error: unknown): boolean {
  if (error instanceof BrokerError) return PASSING.has(error.code);
  return error instanceof Error && error.name.startsWith('KafkaJS') && error.name !== 'KafkaJSSASLAuthenticationError';
}
