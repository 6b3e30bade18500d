import { fileDiagnostics, parseNotebook } from '@datacraft/shared';
import type { CellId } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { scheduleDiagnostics } from './schedule-diagnostics.ts';

function findings(schedule: string) {
  const text = `---\ndatacraft: 1\ntitle: T\nschedule:\n${schedule}\n---\n`;
  const parsed = parseNotebook(text, { newId: () => 'cell_1' as CellId });
  return fileDiagnostics(parsed, scheduleDiagnostics(parsed.notebook));
}

describe('the schedule in front matter', () => {
  it('is refused at its line and column when its times cannot be understood', () => {
    const [found, ...more] = findings('  timezone: UTC\n  cron: 0 25 * * *');
    expect(found).toMatchObject({ severity: 'error', line: 6, column: 9 });
    expect(found?.message).toContain('"0 25 * * *" is not a cron expression');
    expect(more).toEqual([]);
  });
  it('is refused when it is never due', () => {
    expect(findings('  cron: 0 6 30 2 *')[0]?.message).toBe('"0 6 30 2 *" is never due: correct its day and month');
  });
  it('is refused when a length of time is none', () => {
    expect(findings('  every: 1 month')[0]).toMatchObject({ line: 5, column: 10 });
    expect(findings('  cron: 0 6 * * *\n  timeout: 10 ms')[0]).toMatchObject({ line: 6 });
  });
  it('says nothing of a good one', () => {
    expect(findings('  cron: "*/15 6-18 * * 1-5"\n  timezone: America/Sao_Paulo\n  timeout: 1 hour')).toEqual([]);
    expect(findings('  every: 15 minutes')).toEqual([]);
  });
});
