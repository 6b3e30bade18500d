/**
 * Events pushed to a webhook source.
 *
 * H1  An answer means that what was accepted is in PostgreSQL.
 * H2  Every event is accepted, a duplicate, or rejected with its place and reason (I7).
 */
import type { PushedEvent } from '@datacraft/engine';
import { appendEvents } from '@datacraft/engine';
import type { Database } from '@datacraft/engine';
import type { Said } from '@datacraft/shared';
import { asSaid, english, Fault, say } from '@datacraft/shared';
import type { StreamSource } from './source-of.ts';

export interface PushAnswer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Of the first rejected events: their place in the body, from 1, and why. */
  readonly errors: { readonly event: number; readonly reason: string }[];
}

const ERRORS_SHOWN = 20;
const EVENTS_MAX = 100_000;

export async function pushEvents(
  db: Database,
  source: StreamSource,
  body: string,
  userId: string | null,
): Promise<PushAnswer> {
  const texts = splitBody(body);
  if (texts.length > EVENTS_MAX)
    throw new Fault(
      'too-large',
      say('a request takes at most {most} events, got {got}; send them in parts', {
        most: String(EVENTS_MAX),
        got: String(texts.length),
      }),
    );
  const events: PushedEvent[] = [];
  const errors: { event: number; reason: string }[] = [];
  let rejected = 0;
  let first: Said | undefined;
  texts.forEach((text, index) => {
    const outcome = readEvent(text, source.key);
    if ('body' in outcome) return void events.push(outcome);
    rejected += 1;
    first ??= outcome.reason;
    if (errors.length < ERRORS_SHOWN) errors.push({ event: index + 1, reason: english(outcome.reason) });
  });
  if (rejected > 0 && events.length === 0)
    throw new Fault(
      'bad-request',
      say('no event was accepted: {reason}', { reason: first ?? asSaid('none can be read') }),
      { rejected },
    );
  const accepted = await appendEvents(db, source.relation, events, userId);
  return { accepted, duplicates: events.length - accepted, rejected, errors };
}

/** One object, an array of them, or one a line; each as its own JSON text. */
function splitBody(body: string): string[] {
  const text = body.replace(/^\ufeff/, '').trim();
  if (text === '')
    throw new Fault('bad-request', 'expected an event as JSON, a list of them, or one a line; got nothing');
  const whole = parsed(text);
  if (Array.isArray(whole)) return itemsOf(text, whole);
  return whole === undefined ? text.split(/\r?\n/).filter((line) => line.trim() !== '') : [text];
}

/** With their digits: an item is written again from a parse that keeps them. */
function itemsOf(text: string, plain: readonly unknown[]): string[] {
  const exact = (JSON as unknown as ExactJson).parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? (JSON as unknown as ExactJson).rawJSON(source)
      : value,
  ) as unknown[];
  return plain.map((_, at) => JSON.stringify(exact[at]));
}

interface ExactJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not one document: lines are read one by one, and say what is wrong with each.
    return undefined;
  }
}

function readEvent(text: string, key: string | null): PushedEvent | { readonly reason: Said } {
  const event = parsed(text);
  if (event === undefined) return { reason: asSaid('it is not JSON') };
  if (typeof event !== 'object' || event === null || Array.isArray(event))
    return { reason: say('expected an object, got {got}', { got: JSON.stringify(event).slice(0, 60) }) };
  if (key === null) return { key: null, body: text };
  const value = (event as Readonly<Record<string, unknown>>)[key];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return { key: String(value), body: text };
  return { reason: say('it has no {key}, the key of this source', { key }) };
}
