import type { Said, Words } from './said/said.ts';
import { english } from './said/said.ts';

/**
 * A fault is a failure of the world: a database, a file, a query, a quota, a right that is missing.
 * Findings about the user's text are `Diagnostic` values and are never thrown.
 *
 * The table is total: a new code does not compile until it has an HTTP status and a retry answer.
 */
export const faultKinds = {
  'bad-request': { status: 400, retryable: false },
  unauthenticated: { status: 401, retryable: false },
  forbidden: { status: 403, retryable: false },
  'not-found': { status: 404, retryable: false },
  misdirected: { status: 421, retryable: false },
  conflict: { status: 409, retryable: false },
  'too-large': { status: 413, retryable: false },
  'rate-limited': { status: 429, retryable: true },
  'notebook-invalid': { status: 422, retryable: false },
  'query-failed': { status: 422, retryable: false },
  'query-refused': { status: 403, retryable: false },
  'out-of-memory': { status: 422, retryable: false },
  'disk-full': { status: 507, retryable: true },
  'timed-out': { status: 504, retryable: true },
  cancelled: { status: 499, retryable: false },
  'worker-died': { status: 500, retryable: true },
  'source-unreadable': { status: 422, retryable: false },
  'source-rows-rejected': { status: 422, retryable: false },
  'merge-cardinality': { status: 422, retryable: false },
  'merge-key-null': { status: 422, retryable: false },
  'expectation-failed': { status: 422, retryable: false },
  'export-failed': { status: 502, retryable: true },
  'table-owned': { status: 409, retryable: false },
  'publish-conflict': { status: 409, retryable: true },
  'lease-lost': { status: 409, retryable: false },
  'database-unavailable': { status: 503, retryable: true },
  'data-dir-in-use': { status: 503, retryable: false },
  'config-invalid': { status: 500, retryable: false },
  unsupported: { status: 501, retryable: false },
  internal: { status: 500, retryable: false },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

export type FaultCode = keyof typeof faultKinds;

/** What a program may want to know about a fault, beside its sentence. Everything here may be shown to the user. */
export type FaultFacts = {
  /** Name of the cell the fault is about. */
  cell?: string;
  /** 1-based, within the cell's own text. */
  line?: number;
  column?: number;
  /** A file's name as the user gave it, never a server path. */
  file?: string;
  hint?: string;
  [fact: string]: string | number | boolean | undefined;
};

export class Fault extends Error {
  readonly code: FaultCode;
  readonly facts: FaultFacts;
  /** How the message was said, for readers of another language. */
  readonly said: Said | undefined;

  /** `message` is lower case, says expected and got, then what to do next. */
  constructor(code: FaultCode, message: Words, facts: FaultFacts = {}, options?: { cause?: unknown }) {
    super(english(message), options);
    this.name = 'Fault';
    this.code = code;
    this.facts = facts;
    this.said = typeof message === 'string' ? undefined : message;
  }

  /** What to say again inside another sentence, or under another fault. */
  get words(): Words {
    return this.said ?? this.message;
  }
}

export function isFault(error: unknown, code?: FaultCode): error is Fault {
  return error instanceof Fault && (code === undefined || error.code === code);
}

/** Makes a switch total: a new case does not compile until it is handled. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
