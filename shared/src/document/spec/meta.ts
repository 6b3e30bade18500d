import { z } from 'zod';
import type { JsonObject } from '../../json.ts';
import { count, span, tags, text, word } from './schema-parts.ts';

export interface ScheduleSpec {
  /** Five fields (or six with seconds first), or `@hourly`, `@daily`, …; either this or `every`. */
  readonly cron?: string;
  /** `15 minutes`: multiples of the length since 1970, whatever the clocks do. */
  readonly every?: string;
  /** IANA zone; default UTC. */
  readonly timezone?: string;
  /** What a due time does while the run before it goes on; default `skip`. */
  readonly overlap?: 'skip' | 'queue' | 'replace' | 'coalesce';
  /** Which of the due times missed while nothing ran are made up; default `latest`. */
  readonly missed?: 'none' | 'latest' | 'all';
  /** How long ago a missed due time may be and still be made up; default any. */
  readonly max_catchup?: string;
  /** Tries again of a cell that failed for a reason that passes. */
  readonly retries?: number;
  /** Of the whole run. */
  readonly timeout?: string;
  readonly enabled?: boolean;
  /** So many failed runs in a row pause it; default 5, 0 never. */
  readonly pause_after?: number;
}

/** Front matter beside `datacraft` and `title`. */
export interface MetaSpec {
  readonly description?: string;
  readonly schedule?: ScheduleSpec;
  readonly tags?: readonly string[];
  readonly owner?: string;
  /** Whether gold may read raw bronze; default `warn`. */
  readonly layer_policy?: 'off' | 'warn' | 'error';
  readonly layout?: JsonObject;
}

const cronField = String.raw`[\d*?LW#A-Za-z,/-]+`;
const cron = z
  .string()
  .regex(
    new RegExp(`^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|${cronField}(\\s+${cronField}){4,5})$`),
    'expected five cron fields such as "0 6 * * *": minute, hour, day, month, weekday',
  );

const timezone = z.string().refine(isTimeZone, 'expected an IANA time zone such as America/Sao_Paulo or UTC');

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false; // Intl has no other way to be asked.
  }
}

const schedule = z
  .strictObject({
    cron: cron.exactOptional(),
    every: span.exactOptional(),
    timezone: timezone.exactOptional(),
    overlap: z.enum(['skip', 'queue', 'replace', 'coalesce']).exactOptional(),
    missed: z.enum(['none', 'latest', 'all']).exactOptional(),
    max_catchup: span.exactOptional(),
    retries: count.exactOptional(),
    timeout: span.exactOptional(),
    enabled: z.boolean().exactOptional(),
    pause_after: count.exactOptional(),
  })
  .refine((given) => (given.cron === undefined) !== (given.every === undefined), 'expected either `cron` or `every`');

/** In canonical order. */
export const metaSchema = z.strictObject({
  description: text.exactOptional(),
  schedule: schedule.exactOptional(),
  tags: tags.exactOptional(),
  owner: word.exactOptional(),
  layer_policy: z.enum(['off', 'warn', 'error']).exactOptional(),
  layout: z.record(word, z.json()).exactOptional(),
});
