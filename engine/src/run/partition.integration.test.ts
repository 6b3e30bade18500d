import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTable } from '../iceberg/load-table.ts';
import { specOf } from '../iceberg/metadata.ts';
import { liveEntries } from '../iceberg/load-table.ts';
import { currentSnapshot } from '../iceberg/metadata.ts';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

async function partitionsOf(name: string) {
  const table = await loadTable(shop.deps.db, shop.deps.lake, { layer: 'silver', name });
  if (!table) throw new Error(`no table ${name}`);
  const entries = await liveEntries(shop.deps.lake, currentSnapshot(table.metadata));
  return {
    fields: specOf(table.metadata).fields.map((field) => field.transform),
    partitions: entries
      .map((entry) => [...Object.values(entry.data_file.partition), entry.data_file.record_count])
      .sort(),
  };
}

const rows = `select i as id, date '2024-01-15' + (i * 10)::int as day, case when i % 3 > 0 then 'ca/n=al ' || (i % 3) end as channel from range(12) t(i)`;

describe('a partitioned table', () => {
  it('has a file for each partition, with its values, and reads as if it were one', async () => {
    await shop.run(sqlCells({ p: `---\npartition_by: [month(day), channel]\n---\n${rows}` }));
    const { fields, partitions } = await partitionsOf('p');
    expect(fields).toEqual(['month', 'identity']);
    expect(partitions).toHaveLength(new Set(partitions.map((each) => JSON.stringify(each.slice(0, 2)))).size);
    expect(partitions.reduce((sum, each) => sum + Number(each[2]), 0)).toBe(12);
    expect(partitions).toContainEqual([648, null, 1]);
    expect(await shop.rows('select * from silver.p order by id')).toEqual(
      await shop.rows(`select * from (${rows}) order by id`),
    );
  });

  it('is written by its new partitions when partition_by changes, and by none when it goes', async () => {
    const text = (header: string) => sqlCells({ q: `---\n${header}\n---\n${rows}` });
    await shop.run(text('partition_by: bucket(4, id)'));
    expect((await partitionsOf('q')).fields).toEqual(['bucket[4]']);
    await shop.run(text('partition_by: [year(day), truncate(2, channel)]'));
    expect((await partitionsOf('q')).partitions).toHaveLength(2);
    await shop.run(text('description: none'));
    expect(await partitionsOf('q')).toEqual({ fields: [], partitions: [[12]] });
    expect(await shop.rows('select count(*)::int from silver.q')).toEqual([[12]]);
  });

  it('takes appended rows into partitions of their own files', async () => {
    await shop.file('r.csv', 'id,day\n1,2024-01-01\n2,2024-02-01\n');
    const text = `\`\`\`source r_in\ntype: csv\npath: ./r.csv\n\`\`\`\n${sqlCells({ r: '---\nmaterialize: incremental\nstrategy: append\npartition_by: month(day)\n---\nselect * from r_in' })}`;
    await shop.run(text);
    await shop.file('r.csv', 'id,day\n3,2024-02-02\n');
    await shop.run(text);
    expect((await partitionsOf('r')).partitions).toEqual([
      [648, 1],
      [649, 1],
      [649, 1],
    ]);
  });

  it('that holds no row is a table without files', async () => {
    await shop.run(sqlCells({ e: `---\npartition_by: channel\n---\n${rows} where i < 0` }));
    expect(await shop.rows('select count(*)::int from silver.e')).toEqual([[0]]);
  });

  it('says which column or type cannot partition', async () => {
    const report = await shop.run(sqlCells({ w: `---\npartition_by: month(id)\n---\n${rows}` }));
    expect(taskOf(report, 'w').error).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('month of id (BIGINT) cannot partition') as string,
    });
  });
});
