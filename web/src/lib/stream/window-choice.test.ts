import { describe, expect, it } from 'vitest';
import { eventTimeOf, secondsIn } from './window-choice.ts';

describe('what a window is chosen by', () => {
  it('is a length in either language', () => {
    expect(['10 minutes', '1 hora', '90 s', '2dias', ' 30 Minutos '].map(secondsIn)).toEqual([
      600, 3_600, 90, 172_800, 1_800,
    ]);
    expect(['', '0 minutes', 'ten minutes', '1.5 hours', '3 months'].map(secondsIn)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it('is the event time of a source, where it says one', () => {
    expect(eventTimeOf({ config: { watermark: { column: 't', delay: '5 seconds' } } })).toBe('t');
    expect([eventTimeOf({ config: {} }), eventTimeOf(null)]).toEqual(['', '']);
  });
});
