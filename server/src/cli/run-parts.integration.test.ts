import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ownDatacraft } from '../testing/own-datacraft.ts';

const own = ownDatacraft('parts');
const { datacraft } = own;

const text = (least: number) => `---
datacraft: 1
title: Parts
---

\`\`\`sql part_rows
---
materialize: incremental
strategy: append
expect:
  - expression: v >= ${least}
    on_violation: quarantine
---
select * from (values (1, 5), (2, -5), (3, -6), (4, -50)) t(id, v)
\`\`\`

\`\`\`sql part_sum
select sum(v) as total from part_rows
\`\`\`

\`\`\`sql part_other
select 1 as a
\`\`\`
`;

async function written(least: number): Promise<string> {
  const file = own.file('parts.md');
  await writeFile(file, text(least));
  return file;
}
const csvOf = async (sql: string) =>
  (await datacraft('query', sql, '--format', 'csv')).out.trim().split(/\r?\n/).slice(1).join(' ');

describe('datacraft plan and run of a part', () => {
  it('plans the cells that are selected, with what reads them, and no others', async () => {
    const file = await written(0);
    const planned = async (...more: string[]) => {
      const { out } = await datacraft('plan', file, '--json', ...more);
      const { stages } = JSON.parse(out) as { stages: { cell: string; action: string; reason: string }[] };
      return Object.groupBy(stages, ({ action, reason }) => (action === 'run' ? 'run' : reason));
    };
    const names = (stages: { cell: string }[] = []) => stages.map(({ cell }) => cell).toSorted();
    const part = await planned('--select', 'part_rows+');
    expect([names(part['run']), names(part['not selected'])]).toEqual([['part_rows', 'part_sum'], ['part_other']]);
    expect(names((await planned('--select', 'part_other'))['run'])).toEqual(['part_other']);
    expect(names((await planned())['run'])).toEqual(['part_other', 'part_rows', 'part_sum']);
    const unknown = await datacraft('plan', file, '--select', 'part_row');
    expect([unknown.code, unknown.err]).toEqual([64, expect.stringContaining('part_rows')]);
  });

  it('judges again what was set aside, by --replay, and the part of it that --where names', async () => {
    expect((await datacraft('run', await written(0), '--select', 'part_rows')).code).toBe(0);
    expect(await csvOf('select id from silver.part_rows order by id')).toBe('1');
    const file = await written(-10);
    const part = await datacraft('run', file, '--replay', 'part_rows', '--where', 'v > -6', '--json');
    expect(part.code, part.err).toBe(0);
    expect(JSON.parse(part.out.trim().split('\n').at(-1) ?? '').tasks).toMatchObject([
      { cell: 'part_rows', state: 'succeeded', reason: 'replay', rowsWritten: 2 },
      { cell: 'part_sum', state: 'skipped' },
      { cell: 'part_other', state: 'skipped' },
    ]);
    expect(await csvOf('select id from silver.part_rows order by id')).toBe('1 2');
    expect((await datacraft('run', file, '--replay', 'part_rows')).code).toBe(0);
    expect(await csvOf('select id from silver.part_rows order by id')).toBe('1 2 3');
    expect(await csvOf('select id from silver.part_rows_quarantine')).toBe('4');
    const odd = await datacraft('run', file, '--where', 'v > 1');
    expect([odd.code, odd.err]).toEqual([64, expect.stringContaining('--where needs --replay')]);
  });
});
