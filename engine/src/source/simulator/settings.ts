import type { Said, SimulatorSource } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';

/** A simulator's spec with every default filled in. */
export interface Settings {
  readonly template: SimulatorSource['template'];
  readonly rows: number;
  /** Between two events. */
  readonly spacingMs: number;
  /** Share of rows made wrong, 0 to 1. */
  readonly dirt: number;
  readonly seed: number;
  readonly startMs: number;
  /** Some dirty rows may be unreadable, as they are set aside. */
  readonly malformed: boolean;
}

const DEFAULT_ROWS: Readonly<Record<SimulatorSource['template'], number>> = {
  ecommerce_orders: 10_000,
  ecommerce_customers: 1_000,
  ecommerce_products: 200,
  sensor_readings: 10_000,
  calendar: 7670,
  web_events: 10_000,
};

const DAY_MS = 86_400_000;
/** Without a rate the rows fill this time, so that charts show something. */
const SPAN_MS: Readonly<Record<SimulatorSource['template'], number>> = {
  ecommerce_orders: 365 * DAY_MS,
  ecommerce_customers: 730 * DAY_MS,
  ecommerce_products: 730 * DAY_MS,
  sensor_readings: 7 * DAY_MS,
  calendar: 7670 * DAY_MS,
  web_events: 7 * DAY_MS,
};

const START = '2025-01-01T00:00:00Z';
/** Up to the end of 2035, with the default number of rows. */
const CALENDAR_START = '2015-01-01';
const ROWS_MAX = 100_000_000;

export function settingsOf(spec: SimulatorSource): Settings {
  const rows = spec.rows ?? DEFAULT_ROWS[spec.template];
  if (!Number.isSafeInteger(rows) || rows < 0 || rows > ROWS_MAX) {
    throw invalid(say('rows: {rows} is not a whole number from 0 to {most}', { rows, most: ROWS_MAX }));
  }
  return {
    template: spec.template,
    rows,
    spacingMs:
      spec.template === 'calendar'
        ? DAY_MS
        : spec.rate === undefined
          ? SPAN_MS[spec.template] / Math.max(1, rows)
          : spacingOf(spec.rate),
    // Days are what they are.
    dirt: spec.template === 'calendar' ? 0 : shareOf(spec.dirt ?? '0%'),
    seed: spec.seed ?? 1,
    startMs: startOf(spec.start ?? (spec.template === 'calendar' ? CALENDAR_START : START)),
    malformed: spec.rejects === 'table',
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: DAY_MS };

function spacingOf(rate: string): number {
  const [, count, unit] = /^\s*(\d+(?:\.\d+)?)\s*\/\s*(s|min|m|h|d)\s*$/.exec(String(rate)) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  if (unitMs === undefined || Number(count) <= 0)
    throw invalid(say('rate: "{rate}" is not a rate; write 100/s, 5/min, 20/h or 3/d', { rate }));
  return unitMs / Number(count);
}

function shareOf(dirt: string): number {
  const [, number, percent] = /^\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(String(dirt)) ?? [];
  const share = Number(number) / (percent === '%' ? 100 : 1);
  if (!(share >= 0 && share <= 1)) throw invalid(say('dirt: "{dirt}" is not a share of rows; write 2%', { dirt }));
  return share;
}

function startOf(start: string): number {
  const zoned = /T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(start)
    ? start
    : `${start.includes('T') ? start : `${start.replace(' ', 'T')}`}Z`;
  const startMs = Date.parse(/^\d{4}-\d{2}-\d{2}Z$/.test(zoned) ? `${zoned.slice(0, 10)}T00:00:00Z` : zoned);
  if (Number.isNaN(startMs))
    throw invalid(say('start: "{start}" is not a date; write 2025-01-31 or 2025-01-31T08:00:00', { start }));
  return startMs;
}

function invalid(message: Said): Fault {
  return new Fault('source-unreadable', message, {});
}
