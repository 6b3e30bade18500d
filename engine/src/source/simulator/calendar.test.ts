import { describe, expect, it } from 'vitest';
import { brazilianHoliday } from '../../holiday/brazil.ts';
import { generateCsv } from './generate.ts';
import { settingsOf } from './settings.ts';

describe('the calendar of a date dimension', () => {
  it('knows the holidays that move with Easter, and the day that became one', () => {
    const days: [string, string | null][] = [
      ['2024-02-12', 'Carnaval'],
      ['2024-02-13', 'Carnaval'],
      ['2024-03-29', 'Sexta-feira Santa'],
      ['2024-05-30', 'Corpus Christi'],
      ['2025-03-04', 'Carnaval'],
      ['2025-04-18', 'Sexta-feira Santa'],
      ['2025-06-19', 'Corpus Christi'],
      ['2026-04-03', 'Sexta-feira Santa'],
      ['2023-11-20', null],
      ['2024-11-20', 'Consciência Negra'],
      ['2025-12-25', 'Natal'],
      ['2025-12-26', null],
    ];
    for (const [text, name] of days) {
      const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
      expect([text, brazilianHoliday(year, month, day)?.name ?? null]).toEqual([text, name]);
    }
  });

  it('has a row for each day from 2015 to 2035, with ISO weeks and business days', () => {
    const text = [...generateCsv(settingsOf({ type: 'simulator', template: 'calendar' }))].join('');
    const rows = text.trimEnd().split('\n').slice(1);
    expect(rows).toHaveLength(7670);
    expect(rows.at(-1)?.slice(0, 10)).toBe('2035-12-31');
    const row = (date: string) => rows.find((each) => each.startsWith(date));
    expect(row('2024-12-30')).toBe('2024-12-30,2024,4,12,dezembro,2025,1,30,365,1,segunda,false,,true,false');
    expect(row('2025-04-18')).toContain('sexta,false,Sexta-feira Santa,false,false');
    expect(row('2024-02-29')).toMatch(/,true$/);
  });
});
