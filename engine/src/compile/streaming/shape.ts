import type { Words } from '@datacraft/shared';
import { english } from '@datacraft/shared';
/**
 * How a query can be made of a stream, commit by commit, so that its table is what the same text makes of all rows.
 *
 * Every shape says of which part of the past a row of the answer is made: none (each row by itself), the rows whose event
 * times lie between `key - before` and `key + after`, or a session. What is older than that is final and not computed again.
 */

/** A relation that rows are only ever added to, and its event time. */
export interface StreamInput {
  readonly name: string;
  readonly column: string;
}

export type StreamShape =
  /** Each row is made of one row of the stream, by itself. */
  | {
      readonly kind: 'rows';
      readonly streams: readonly [string];
      /** The event time, where it is kept: cells below may be made of this one as of its source. */
      readonly column: string | null;
    }
  /** A row with `key` is made of rows with an event time `t` where `key - before <= t < key + after`. Microseconds. */
  | {
      readonly kind: 'windows';
      readonly streams: readonly StreamInput[];
      readonly key: string;
      readonly before: number;
      readonly after: number;
    }
  /** A row that ends at `end` is made of the rows of one session: none of the same `by` follows within `gap`. */
  | {
      readonly kind: 'sessions';
      readonly streams: readonly [StreamInput];
      readonly end: string;
      readonly gap: number;
      readonly by: readonly string[];
    };

/** Why a query cannot be made of a stream, and what to write instead. */
export class NotStreamable extends Error {
  /** The byte of the text it is about. */
  readonly at: number | null;

  readonly words: Words;

  constructor(words: Words, at: number | null) {
    super(english(words));
    this.words = words;
    this.at = at;
  }
}
