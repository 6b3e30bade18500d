/** A moment as the clocks of a zone show it. */
export function inZone(at: string, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    hour12: false,
  }).format(new Date(at));
}

/** The border of an interval, in UTC as the tables count them; without a time of day where all are days or longer. */
export function border(at: string, unit: string, locale: string): string {
  const time = unit === 'minute' || unit === 'hour' ? ({ timeStyle: 'short' } as const) : {};
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'medium', ...time }).format(new Date(at));
}
