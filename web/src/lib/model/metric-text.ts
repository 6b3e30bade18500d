import { formatNumber } from '#lib/i18n/format.ts';

const SHARES: ReadonlySet<string> = new Set(['mape', 'coverage', 'accuracy', 'precision', 'recall']);

/** A figure of a model: shares as such, all others to what they say. */
export function metricText(name: string, value: number): string {
  const options: Intl.NumberFormatOptions = SHARES.has(name)
    ? { style: 'percent', maximumFractionDigits: 1 }
    : { maximumSignificantDigits: 4 };
  return formatNumber(value, options);
}
