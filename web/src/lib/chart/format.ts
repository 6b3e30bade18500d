import type { ChartSpec, Encoding } from '@datacraft/shared';

/** How a field's values are written: `number`, `integer`, `percent`, `compact`, `currency:BRL`. */
export type Format = (value: number) => string;

export function formatter(format: string | null, language: string): Format {
  const options = optionsOf(format);
  const currency = options.currency;
  // A currency is written as its own country writes it, whatever the language of the interface.
  const home = currency === 'BRL' ? 'pt-BR' : language;
  const plain = new Intl.NumberFormat(currency === undefined ? language : home, options);
  const small = format === null ? new Intl.NumberFormat(language, { maximumSignificantDigits: 2 }) : plain;
  return (value) => (Number.isFinite(value) ? (Math.abs(value) < SMALL ? small : plain).format(value) : '');
}

/** Below it two places say little, or 0 of what is not. */
const SMALL = 0.1;

function optionsOf(format: string | null): Intl.NumberFormatOptions {
  const [kind = '', detail = ''] = (format ?? '').split(':');
  switch (kind) {
    case 'integer':
      return { maximumFractionDigits: 0 };
    case 'percent':
      return { style: 'percent', maximumFractionDigits: 1 };
    case 'compact':
      return { notation: 'compact', maximumFractionDigits: 1 };
    case 'currency':
      return /^[A-Z]{3}$/.test(detail) ? { style: 'currency', currency: detail } : {};
    default:
      return { maximumFractionDigits: 2 };
  }
}

/** For axes: the same field, short. */
export function axisFormatter(format: string | null, language: string, largest: number): Format {
  const options = optionsOf(format);
  if (options.style === 'percent') return formatter(format, language);
  const compact = largest >= 100_000 ? { notation: 'compact' as const } : {};
  const places = largest >= 10 ? 0 : largest >= 1 ? 1 : 3;
  const home = options.currency === 'BRL' ? 'pt-BR' : language;
  const plain = new Intl.NumberFormat(home, { maximumFractionDigits: largest >= 100_000 ? 1 : places, ...compact });
  return (value) => plain.format(value);
}

export function formatOf(encoding: Encoding | undefined): string | null {
  return typeof encoding === 'object' ? (encoding.format ?? null) : null;
}

export function labelOf(encoding: Encoding | undefined): string {
  if (encoding === undefined) return '';
  if (typeof encoding === 'string') return encoding;
  return encoding.label ?? encoding.column;
}

export function ysOf(spec: Pick<ChartSpec, 'y'>): readonly Encoding[] {
  if (spec.y === undefined) return [];
  return isList(spec.y) ? spec.y : [spec.y];
}

function isList(y: Encoding | readonly Encoding[]): y is readonly Encoding[] {
  return Array.isArray(y);
}

/** A time as text no longer than its bucket needs. Times are UTC, as the engine keeps them. */
export function timeFormatter(language: string, bucket: string | null, spanMs: number): Format {
  const options = timeOptions(bucket, spanMs);
  if (bucket === 'quarter') {
    return (value) =>
      `${Math.floor(new Date(value).getUTCMonth() / 3) + 1}T${new Date(value).getUTCFullYear()}`.replace(
        'T',
        language === 'pt-BR' ? 'T ' : 'Q ',
      );
  }
  const format = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' });
  return (value) => format.format(value);
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

function timeOptions(bucket: string | null, spanMs: number): Intl.DateTimeFormatOptions {
  if (bucket === 'year') return { year: 'numeric' };
  if (bucket === 'month') return { month: 'short', year: 'numeric' };
  if (bucket === 'hour' || bucket === 'minute')
    return { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hour12: false };
  if (bucket !== null)
    return spanMs > 300 * DAY_MS
      ? { day: 'numeric', month: 'short', year: '2-digit' }
      : { day: 'numeric', month: 'short' };
  if (spanMs > 700 * DAY_MS) return { month: 'short', year: 'numeric' };
  if (spanMs > 2 * DAY_MS) return { day: 'numeric', month: 'short' };
  const time = { hour: '2-digit', minute: '2-digit', hour12: false } as const;
  return spanMs > 0 && spanMs < 10 * MINUTE_MS ? { ...time, second: '2-digit' } : time;
}
