import { describe, expect, it } from 'vitest';
import { en } from '#lib/i18n/rooms/pipelines.ts';
import { sentenceOf } from './sentence.ts';

const said = (cron: string) => sentenceOf({ cron }, en.sentences, 'en');

describe('a schedule in a sentence', () => {
  it('says the usual ones in words', () => {
    expect(said('*/15 * * * *')).toBe('Every 15 minutes');
    expect(said('5 * * * *')).toBe('Every hour at :05');
    expect(said('0 6 * * *')).toBe('Every day at 06:00');
    expect(said('30 7 * * 1-5')).toBe('Monday to Friday at 07:30');
    expect(said('0 9 * * 0')).toBe('Every Sunday at 09:00');
    expect(said('0 0 1 * *')).toBe('On day 1 of each month at 00:00');
    expect(sentenceOf({ every: '2 hours' }, en.sentences, 'en')).toBe('Every 2 hours');
  });
  it('shows the expression where words would mislead', () => {
    expect(said('0 6 1-7 * 1')).toBe('By 0 6 1-7 * 1');
    expect(said('0 6 * 3 *')).toBe('By 0 6 * 3 *');
    expect(said('*/10 6,18 * * *')).toBe('By */10 6,18 * * *');
  });
});
