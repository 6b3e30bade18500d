import { afterEach, describe, expect, it } from 'vitest';
import { formatAge, formatBytes, formatCompact, formatDuration, formatNumber } from './format.ts';
import { setLocale } from './index.svelte.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');

describe('numbers and ages', () => {
  afterEach(() => setLocale('en'));

  it('are written in the language of the moment, and in the next once it changes', () => {
    const written = () => [
      formatNumber(1234.5),
      formatCompact(1_200_412),
      formatDuration(1_250),
      formatBytes(1_500),
      formatAge(new Date(NOW - 120_000), NOW),
    ];
    const english = written();
    expect(english).toEqual(['1,234.5', '1.2M', '1.3 s', '1.5 kB', '2 min. ago']);
    setLocale('pt-BR');
    expect(written().slice(0, 4)).toEqual(['1.234,5', '1,2\u00a0mi', '1,3 s', '1,5 kB']);
    expect(formatAge(new Date(NOW - 120_000), NOW)).toBe('há 2 min.');
    setLocale('en');
    expect(written()).toEqual(english);
  });

  it('of one language keep to what was asked of each', () => {
    expect(formatNumber(0.126, { style: 'percent' })).toBe('13%');
    expect(formatNumber(0.126, { style: 'percent', maximumFractionDigits: 1 })).toBe('12.6%');
    expect(formatNumber(0.126)).toBe('0.126');
  });
});
