/** A schedule in a sentence. Pure: the words and the language are arguments. */
import type { ScheduleSpec } from '@datacraft/shared';
import type { Messages } from '#lib/i18n/index.svelte.ts';

const MONDAY_MS = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;

export function sentenceOf(spec: ScheduleSpec, words: Messages['pipelines']['sentences'], locale: string): string {
  if (spec.every !== undefined) return words.every(lengthOf(spec.every, locale));
  const text = spec.cron ?? '';
  const [minute = '', hour = '', day = '', month = '', weekday = '', ...rest] = fieldsOf(text);
  if (rest.length > 0 || month !== '*') return words.other(text);
  const step = (field: string) => /^\*\/(\d+)$/.exec(field)?.[1];
  if (day === '*' && weekday === '*' && hour === '*') {
    const minutes = step(minute);
    if (minute === '*') return words.minute;
    if (minutes !== undefined) return words.minutes(minutes);
    return isNumber(minute) ? words.hourly(two(minute)) : words.other(text);
  }
  const hours = step(hour);
  if (hours !== undefined && day === '*' && weekday === '*' && isNumber(minute)) return words.hours(hours, two(minute));
  if (!isNumber(minute) || !isNumber(hour)) return words.other(text);
  const time = `${two(hour)}:${two(minute)}`;
  if (day === '*' && weekday === '*') return words.daily(time);
  if (day === '*' && weekday === '1-5') return words.weekdays(time);
  if (day === '*' && /^[0-7]$/.test(weekday)) return words.weekly(dayName(Number(weekday), locale), time);
  if (weekday === '*' && isNumber(day)) return words.monthly(day, time);
  return words.other(text);
}

function fieldsOf(cron: string): string[] {
  const short: Readonly<Record<string, string>> = {
    '@hourly': '0 * * * *',
    '@daily': '0 0 * * *',
    '@midnight': '0 0 * * *',
    '@weekly': '0 0 * * 0',
    '@monthly': '0 0 1 * *',
  };
  return (short[cron] ?? cron).trim().split(/\s+/);
}

function dayName(day: number, locale: string): string {
  const at = MONDAY_MS + ((day + 6) % 7) * DAY_MS;
  return new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(at);
}

/** `6 hours` in the reader's language; as it is written when it is no such length. */
function lengthOf(text: string, locale: string): string {
  const [, count, unit] = /^\s*(\d+(?:\.\d+)?)\s*(second|minute|hour|day|week|month)s?\s*$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) return text;
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(Number(count));
}

function isNumber(field: string): boolean {
  return /^\d+$/.test(field);
}

function two(field: string): string {
  return field.padStart(2, '0');
}
