import { brazilianHoliday } from '../../holiday/brazil.ts';
import type { Template } from './template.ts';

const MONTHS = 'janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro'.split(' ');
const WEEKDAYS = 'domingo segunda terça quarta quinta sexta sábado'.split(' ');
const DAY_MS = 86_400_000;

/** A day each: the rows of a date dimension, with the national holidays of Brazil. */
export const calendar: Template = {
  columns: [
    { name: 'date', type: 'DATE', role: 'key' },
    { name: 'year', type: 'INTEGER', role: 'other' },
    { name: 'quarter', type: 'INTEGER', role: 'other' },
    { name: 'month', type: 'INTEGER', role: 'other' },
    { name: 'month_name', type: 'VARCHAR', role: 'text' },
    { name: 'iso_year', type: 'INTEGER', role: 'other' },
    { name: 'iso_week', type: 'INTEGER', role: 'other' },
    { name: 'day', type: 'INTEGER', role: 'other' },
    { name: 'day_of_year', type: 'INTEGER', role: 'other' },
    { name: 'weekday', type: 'INTEGER', role: 'other' },
    { name: 'weekday_name', type: 'VARCHAR', role: 'text' },
    { name: 'is_weekend', type: 'BOOLEAN', role: 'other' },
    { name: 'holiday', type: 'VARCHAR', role: 'text' },
    { name: 'is_business_day', type: 'BOOLEAN', role: 'other' },
    { name: 'is_month_end', type: 'BOOLEAN', role: 'other' },
  ],
  row(_index, timeMs) {
    const date = new Date(timeMs);
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    const weekday = date.getUTCDay();
    const holiday = brazilianHoliday(year, month, day)?.name ?? null;
    const isWeekend = weekday === 0 || weekday === 6;
    const { isoYear, isoWeek } = isoWeekOf(timeMs);
    return [
      date.toISOString().slice(0, 10),
      String(year),
      String(Math.ceil(month / 3)),
      String(month),
      MONTHS[month - 1] ?? '',
      String(isoYear),
      String(isoWeek),
      String(day),
      String(Math.floor((timeMs - Date.UTC(year, 0, 1)) / DAY_MS) + 1),
      String(weekday === 0 ? 7 : weekday),
      WEEKDAYS[weekday] ?? '',
      String(isWeekend),
      holiday ?? '',
      String(!isWeekend && holiday === null),
      String(new Date(timeMs + DAY_MS).getUTCMonth() + 1 !== month),
    ];
  },
};

/** The week of ISO 8601 is that of its Thursday. */
function isoWeekOf(timeMs: number): { isoYear: number; isoWeek: number } {
  const weekday = (new Date(timeMs).getUTCDay() + 6) % 7;
  const thursday = timeMs + (3 - weekday) * DAY_MS;
  const isoYear = new Date(thursday).getUTCFullYear();
  return { isoYear, isoWeek: Math.floor((thursday - Date.UTC(isoYear, 0, 1)) / (7 * DAY_MS)) + 1 };
}
