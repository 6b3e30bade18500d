import { describe, expect, it } from 'vitest';
import { neededFor, placeLast } from './band.ts';

const weekly = (weeks: number) =>
  Array.from({ length: weeks * 7 }, (_, day) => 100 + (day % 7 >= 5 ? 80 : 0) + ((day * 37) % 11));

describe('the band of a series', () => {
  it('follows the season: what is usual on a Saturday is not on a Monday', () => {
    const config = { period: 7, level: 0.99 };
    const series = weekly(10);
    expect(placeLast([...series, 105], config)).toMatchObject({ isOut: false });
    expect(placeLast([...series, 185], config)).toMatchObject({ isOut: true, value: 185 });
    const untilFriday = weekly(10).slice(0, -2);
    expect(placeLast([...untilFriday, 185], config)).toMatchObject({ isOut: false });
    expect(placeLast([...untilFriday, 105], config)).toMatchObject({ isOut: true });
  });

  it('is not bent by what left it lately: what is usual again is within, and what stays away is told for a season', () => {
    const config = { period: 7, level: 0.999 };
    const next = weekly(11)[70] ?? 0;
    for (const odd of [900, 3, -50])
      expect(placeLast([...weekly(10), odd, weekly(11)[71] ?? 0], config), `${odd}`).toMatchObject({ isOut: false });
    expect(placeLast([...weekly(10), 900, 900], config)).toMatchObject({ isOut: true });
    expect(placeLast([...weekly(10), next], config)).toMatchObject({ isOut: false });
  });

  it('says nothing while there are too few values, and lets equal ones be equal', () => {
    const config = { period: 1, level: 0.99 };
    expect(
      placeLast(
        Array.from({ length: neededFor(1) }, () => 5),
        config,
      ),
    ).toBeNull();
    const flat = Array.from({ length: 20 }, () => 0.3);
    expect(placeLast([...flat, 0.1 + 0.2], config)).toMatchObject({ isOut: false });
    expect(placeLast([...flat, 0.31], config)).toMatchObject({ isOut: true });
  });
});
