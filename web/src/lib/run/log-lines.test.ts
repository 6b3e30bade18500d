import type { LogLine } from '@datacraft/shared';
import { expect, it } from 'vitest';
import { withNew } from './log-lines.ts';

const line = (id: string): LogLine => ({ id, at: '2026-01-01T00:00:00Z', level: 'info', cell: null, message: id });
const ids = (lines: readonly LogLine[]) => lines.map(({ id }) => id);

it('has each line of a log once, though two answers bring it', () => {
  const first = withNew([], [line('8'), line('9')]);
  const second = withNew(first, [line('8'), line('9'), line('10')]);
  expect(ids(second)).toEqual(['8', '9', '10']);
  expect(withNew(second, [line('9'), line('10')])).toBe(second);
});
