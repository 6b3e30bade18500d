const DAY_MS = 86_400_000;

const fixed: Readonly<Record<string, string>> = {
  '1-1': 'Confraternização Universal',
  '4-21': 'Tiradentes',
  '5-1': 'Dia do Trabalho',
  '9-7': 'Independência',
  '10-12': 'Nossa Senhora Aparecida',
  '11-2': 'Finados',
  '11-15': 'Proclamação da República',
  '12-25': 'Natal',
};

/** Days from Easter on which banks do not open either: the market counts them as holidays. */
const movable: Readonly<Record<number, string>> = {
  [-48]: 'Carnaval',
  [-47]: 'Carnaval',
  [-2]: 'Sexta-feira Santa',
  60: 'Corpus Christi',
};

export interface Holiday {
  readonly name: string;
  /** Tells it from all other holidays of a year, also from those of its name. */
  readonly key: string;
}

/** The national (or bank) holiday of a day; null on other days. November 20 is national since 2024. */
export function brazilianHoliday(year: number, month: number, day: number): Holiday | null {
  const date = `${month}-${day}`;
  if (date === '11-20' && year >= 2024) return { name: 'Consciência Negra', key: date };
  const named = fixed[date];
  if (named !== undefined) return { name: named, key: date };
  const days = Math.round((Date.UTC(year, month - 1, day) - easterMs(year)) / DAY_MS);
  const moved = movable[days];
  return moved === undefined ? null : { name: moved, key: `easter ${days}` };
}

/** Easter Sunday of the Gregorian calendar, by the anonymous algorithm (Meeus, Jones, Butcher). */
export function easterMs(year: number): number {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const sum = epact + weekday - 7 * late + 114;
  return Date.UTC(year, Math.floor(sum / 31) - 1, (sum % 31) + 1);
}
