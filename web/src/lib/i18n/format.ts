/** Numbers, dates and ages as the interface's language writes them. Values of data have their own formats. */
import { locale } from './index.svelte.ts';

/** Making a format takes a hundred times as long as using it: each is made once for a language. */
function remembered<Options, Format>(make: (language: string, options: Options) => Format) {
  const made = new Map<string, Format>();
  return (options: Options): Format => {
    const language = locale();
    const key = `${language} ${JSON.stringify(options)}`;
    const format = made.get(key) ?? make(language, options);
    made.set(key, format);
    return format;
  };
}

const numbers = remembered((language, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options));
const times = remembered((language, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options));
const ages = remembered(
  (language, options: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(language, options),
);

export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  return numbers(options).format(value);
}

/** 1,204 stays whole; 1,200,412 becomes 1.2 M. */
export function formatCompact(value: number): string {
  return value < 10_000 ? formatNumber(value) : formatNumber(value, { notation: 'compact', maximumFractionDigits: 1 });
}

export function formatTime(value: Date | string): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false } as const;
  return times(options).format(new Date(value));
}

export function formatClock(value: Date | string): string {
  return times({ hour: '2-digit', minute: '2-digit', hour12: false }).format(new Date(value));
}

export function formatDateTime(value: Date | string): string {
  return times({ dateStyle: 'medium', timeStyle: 'short' }).format(new Date(value));
}

export function formatMoment(value: Date | string): string {
  return times({ dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(value));
}

/** An instant of the data, to the second and in UTC, as grids write it. */
export function formatEventTime(value: Date | string): string {
  const options = { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' } as const;
  return times(options).format(new Date(value));
}

export function formatDay(value: Date | string): string {
  return times({ weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(value));
}

export function formatDuration(ms: number): string {
  if (ms < 1000) return `${formatNumber(Math.round(ms))} ms`;
  if (ms < 60_000) return `${formatNumber(ms / 1000, { maximumFractionDigits: 1 })} s`;
  const minutes = Math.floor(ms / 60_000);
  return `${formatNumber(minutes)} min ${String(Math.round((ms % 60_000) / 1000)).padStart(2, '0')} s`;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${formatNumber(value, { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** `2 min. ago`; under a minute, `now`. */
export function formatAge(value: Date | string, now: number): string {
  const seconds = (new Date(value).getTime() - now) / 1000;
  const format = ages({ numeric: 'auto', style: 'short' });
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  }
  return format.format(0, 'second');
}
