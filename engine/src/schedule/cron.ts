/**
 * Cron expressions as wall-clock times, without any zone: what falls on which instant is decided in `due.ts`.
 * croner reads the expression; it never sees a zone, so its own rules for changing clocks do not apply.
 */
import { Cron } from 'croner';
import { Fault, say } from '@datacraft/shared';

export interface CronTimes {
  /** Every hour is due, so clocks that change add or remove hours rather than move one. */
  readonly isEveryHour: boolean;
  /** The first time after `localMs`, both written as if they were UTC; null when it never comes. */
  nextAfter(localMs: number): number | null;
}

const SHORTHANDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const known = new Map<string, CronTimes>();

/** A text that is no cron expression is a Fault `bad-request` that names the field. */
export function readCron(text: string): CronTimes {
  const found = known.get(text);
  if (found) return found;
  const made = parse(text);
  if (known.size > 1_000) known.clear();
  known.set(text, made);
  return made;
}

function parse(text: string): CronTimes {
  const fields = (SHORTHANDS[text.trim()] ?? text.trim()).split(/\s+/);
  const hour = fields.at(-4) ?? '';
  const cron = read(fields.join(' '), text);
  return {
    isEveryHour: hour === '*' || hour === '*/1' || hour === '0-23',
    nextAfter: (localMs) => cron.nextRun(new Date(localMs))?.getTime() ?? null,
  };
}

function read(pattern: string, text: string): Cron {
  try {
    return new Cron(pattern, { utcOffset: 0, paused: true });
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : 'not understood';
    throw new Fault(
      'bad-request',
      say('"{text}" is not a cron expression: {why}', { text, why: why.charAt(0).toLowerCase() + why.slice(1) }),
      {
        hint: 'five fields: minute, hour, day, month, weekday, as in 0 6 * * *',
      },
    );
  }
}
