/**
 * Real PostgreSQL, real DuckDB, real files.
 *
 * An independent reader, by hand and not by npm test (it is Python): keep a lake of this test (take `remove` away),
 *   python3 -m venv v && v/bin/pip install 'pyiceberg[pyarrow]'
 *   v/bin/python -c "from pyiceberg.table import StaticTable; import sys
 *   print(StaticTable.from_metadata(sys.argv[1]).scan().to_arrow())" <the table's metadata_location>
 * It must show the rows of every snapshot, nested columns too.
 */
import { describe, expect, it } from 'vitest';
import { type RelationRef } from '@datacraft/shared';
import { listTables } from './catalog.ts';
import { commitTables } from './commit.ts';
import { loadTable, snapshotsOf } from './load-table.ts';
import { scanSql, scanWritten } from './scan.ts';
import { dropTable } from './sweep.ts';
import type { WriteMode } from './table.ts';
import { createTestDatabase } from '../../../migrations/test-database.ts';
import { useWarehouse } from './testing/use-warehouse.ts';

const world = useWarehouse(createTestDatabase);
let count = 0;
const newRef = (): RelationRef => ({ layer: 'silver', name: `orders_${++count}` });

const everyType = `select * from (values
  (1, true, 2::tinyint, 3::usmallint, 4::uinteger, 5::ubigint, 6::hugeint, 9007199254740993::bigint, 1.5::float, 0.1::double, 12345678901234567890.12::decimal(38,2),
   date '2024-02-29', time '23:59:59.999999', timestamp '2024-01-02 03:04:05.678901', timestamptz '2024-01-02 03:04:05+02', timestamp_ns '2024-01-02 03:04:05.123456789',
   'c0ffee00-0000-4000-8000-000000000001'::uuid, '\\xAA\\x00'::blob, 'olá 😀', 'b'::enum('a', 'b'), interval 3 day, '{"a": [1]}'::json,
   [1, null, 3], [[1], []], {'x': 1, 'y w': {'deep': [date '2020-01-01']}}, map {'k': {'v': 1.50::decimal(9,2)}}, [{'p': 1}], [1, 2]::int[2]),
  (null, null, null, null, null, null, null, null, 'nan', '-infinity', null, null, null, null, null, null, null, null, '', null, null, null, null, [], null, map {}, null, null)
) v(i, "bool", ti, us, ui, ub, hu, "big Int", fl, db, "dec", d, t, ts, tz, tn, u, b, s, e, iv, j, l, ll, st, m, ls, arr)`;

describe('a table', () => {
  it('reads back equal to what was written, for every type', async () => {
    const ref = newRef();
    await world.warehouse.publish({ ref, select: everyType, mode: 'overwrite' });
    const session = await world.duck.open();
    const direct = await session.rows(everyType);
    const cast = `select * replace (e::varchar as e, iv::varchar as iv, j::varchar as j, ui::bigint as ui, ub::decimal(20,0) as ub, hu::decimal(38,0) as hu, tn::timestamp as tn) from (${everyType}) order by i`;
    const expected = (await session.rows(cast)).rows;
    expect(await world.warehouse.read(ref, 'select * from t order by i')).toEqual(expected);
    const table = await world.warehouse.load(ref);
    expect(table.columns.map((column) => column.name)).toEqual(direct.columns.map((column) => column.name));
    const described = await session.describe(scanSql({ ...table, files: [] }));
    expect(table.columns).toEqual(described);
    expect(Object.fromEntries(table.columns.map((column) => [column.name, column.type]))).toMatchObject({
      ti: 'INTEGER',
      ui: 'BIGINT',
      ub: 'DECIMAL(20,0)',
      hu: 'DECIMAL(38,0)',
      tz: 'TIMESTAMP WITH TIME ZONE',
      st: 'STRUCT(x INTEGER, "y w" STRUCT(deep DATE[]))',
      m: 'MAP(VARCHAR, STRUCT(v DECIMAL(9,2)))',
      arr: 'INTEGER[]',
    });
    await session.close();
  });

  it('keeps as text what Iceberg has no type for, inside other types too', async () => {
    const ref = newRef();
    const odd = [
      `'101'::bit`,
      `timetz '10:00:00+01'`,
      '1::bignum',
      `union_value(a := 'x')`,
      `'1'::variant`,
      `'POINT (1 2)'::geometry`,
      'row(1, 2)',
      `[interval 1 day]`,
      `{'a': row(1)}`,
      `map {'k': '{}'::json}`,
    ];
    const select = `select ${odd.map((value, at) => `${value} as c${at}`).join(', ')}, null as n`;
    await world.warehouse.publish({ ref, select, mode: 'overwrite' });
    expect(await world.warehouse.read(ref)).toEqual([
      ['101', '10:00:00+01', '1', 'x', '1', 'POINT (1 2)', '(1, 2)', ['1 day'], { a: '(1)' }, { k: '{}' }, null],
    ]);
  });

  it('appends, and overwrites', async () => {
    const ref = newRef();
    await world.warehouse.publish({ ref, select: 'select 1 as id', mode: 'append' });
    await world.warehouse.publish({ ref, select: 'select 2 as id', mode: 'append' });
    expect(await world.warehouse.read(ref)).toEqual([[1], [2]]);
    const [committed] = await world.warehouse.publish({ ref, select: 'select 3 as id', mode: 'overwrite' });
    expect(await world.warehouse.read(ref)).toEqual([[3]]);
    expect(committed).toMatchObject({ ref, rows: 1 });
    const table = await world.warehouse.load(ref);
    expect(table.files).toHaveLength(1);
    expect(table.snapshotId).toBe(committed?.snapshotId);
    expect(table.metadata['metadata-log']).toHaveLength(2);
  });

  it('without rows reads as a typed nothing', async () => {
    const ref = newRef();
    const select = `select 1::bigint as id, [{'x': 1}] as l where false`;
    await world.warehouse.publish({ ref, select, mode: 'overwrite' });
    const table = await world.warehouse.load(ref);
    expect(table).toMatchObject({
      files: [],
      rows: 0,
      columns: [
        { name: 'id', type: 'BIGINT' },
        { name: 'l', type: 'STRUCT(x INTEGER)[]' },
      ],
    });
    expect(await world.warehouse.read(ref)).toEqual([]);
    await world.warehouse.publish({ ref, select: `select 7::bigint as id, [] as l`, mode: 'append' }).then(
      () => expect.unreachable(),
      () => undefined,
    );
    await world.warehouse.publish({ ref, select: `select 7::bigint as id`, mode: 'append' });
    expect(await world.warehouse.read(ref)).toEqual([['7', null]]);
  });

  it('evolves: promotes, adds, renames by case, drops, replaces', async () => {
    const ref = newRef();
    await world.warehouse.publish({
      ref,
      select: `select 1 as id, {'x': 1} as s, 1.5::decimal(5,2) as d, 'a' as gone`,
      mode: 'overwrite',
    });
    const first = await world.warehouse.load(ref);
    await world.warehouse.publish({
      ref,
      select: `select 5000000000 as id, {'y': 'new', 'x': 2::bigint} as s, 1.5::decimal(9,2) as d, true as added`,
      mode: 'append',
    });
    expect(await world.warehouse.read(ref, 'select id, s.x, s.y, d, gone, added from t order by id')).toEqual([
      ['1', '1', null, '1.50', 'a', null],
      ['5000000000', '2', 'new', '1.50', null, true],
    ]);
    await world.warehouse.publish({ ref, select: `select 'text' as ID, {'x': 3::bigint} as s`, mode: 'overwrite' });
    const last = await world.warehouse.load(ref);
    expect(last.columns).toEqual([
      { name: 'ID', type: 'VARCHAR' },
      { name: 's', type: 'STRUCT(x BIGINT)' },
    ]);
    expect(last.fields[0]?.id).toBeGreaterThan(first.metadata['last-column-id']);
    expect(last.fields[1]?.id).toBe(first.fields[1]?.id);
    expect(await world.warehouse.read(ref, undefined, { snapshotId: first.snapshotId })).toEqual([
      [1, { x: 1 }, '1.50', 'a'],
    ]);
  });

  it('refuses an append that does not fit, and names the column', async () => {
    const ref = newRef();
    await world.warehouse.publish({ ref, select: 'select 1 as id', mode: 'overwrite' });
    await expect(world.warehouse.publish({ ref, select: `select 'x' as id`, mode: 'append' })).rejects.toMatchObject({
      code: 'query-failed',
      message: expect.stringContaining('column "id" is VARCHAR now'),
    });
  });

  it('is readable as of any snapshot and instant', async () => {
    const ref = newRef();
    for (const id of [1, 2, 3])
      await world.warehouse.publish({ ref, select: `select ${id} as id`, mode: id === 3 ? 'overwrite' : 'append' });
    const table = await world.warehouse.load(ref);
    const snapshots = snapshotsOf(table);
    expect(snapshots.map((one) => [one.operation, one.rows, one.addedRows, one.deletedRows, one.isCurrent])).toEqual([
      ['overwrite', 1, 1, 2, true],
      ['append', 2, 1, 0, false],
      ['append', 1, 1, 0, false],
    ]);
    const [, second, first] = snapshots;
    expect(await world.warehouse.read(ref, undefined, { snapshotId: second?.snapshotId ?? '' })).toEqual([[1], [2]]);
    expect(await world.warehouse.read(ref, undefined, { timestampMs: second?.committedAtMs ?? 0 })).toEqual([[1], [2]]);
    expect(await world.warehouse.read(ref, undefined, { timestampMs: first?.committedAtMs ?? 0 })).toEqual([[1]]);
    await expect(world.warehouse.load(ref, { timestampMs: 0 })).rejects.toMatchObject({ code: 'not-found' });
    await expect(world.warehouse.load(ref, { snapshotId: '42' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('knows when its files are as its schema is: until an append brings other columns, and after the next overwrite', async () => {
    const ref = newRef();
    const uniform = async (select: string, mode: WriteMode) => {
      await world.warehouse.publish({ ref, select, mode });
      await world.warehouse.read(ref);
      return (await world.warehouse.load(ref)).uniform;
    };
    expect(await uniform('select 1 as id', 'append')).toBe(true);
    expect(await uniform('select 2 as id', 'append')).toBe(true);
    expect(await uniform(`select 3 as id, 'c' as name`, 'append')).toBe(false);
    expect(await uniform(`select 4 as id, 'd' as name`, 'append')).toBe(false);
    expect(await uniform(`select 5 as id, 'e' as name`, 'overwrite')).toBe(true);
    expect(await uniform(`select 6 as id`, 'append')).toBe(false);
    expect(await uniform(`select 7::bigint as id, 'f' as name`, 'overwrite')).toBe(true);
    expect(await uniform(`select 8 as id, 'g' as name`, 'append')).toBe(true);
    const [first] = snapshotsOf(await world.warehouse.load(ref)).toReversed();
    const then = await world.warehouse.load(ref, { snapshotId: first?.snapshotId ?? '' });
    expect(then.uniform).toBe(true);
    expect(await world.warehouse.read(ref, undefined, { snapshotId: then.snapshotId })).toEqual([[1]]);
  });

  it('keeps the properties of a snapshot', async () => {
    const ref = newRef();
    const staged = await world.warehouse.stage({ ref, select: 'select 1 as id', mode: 'overwrite' });
    const summary = { [`silver.${ref.name}`]: { 'datacraft.run-id': 'run_1', 'datacraft.fingerprint': 'f' } };
    await world.warehouse.transaction((client) =>
      commitTables(client, world.warehouse.lake, [staged], { nowMs: 1_700_000_000_000, summary }),
    );
    const table = await world.warehouse.load(ref);
    expect(table.summary).toMatchObject({
      'datacraft.run-id': 'run_1',
      'datacraft.fingerprint': 'f',
      operation: 'overwrite',
    });
    expect(table.committedAtMs).toBe(1_700_000_000_000);
  });

  it('lists, and is dropped; its files wait for the sweep', async () => {
    const ref = newRef();
    await world.warehouse.publish({ ref, select: 'select 1 as id', mode: 'overwrite' });
    const table = await world.warehouse.load(ref);
    expect((await listTables(world.database.pool)).map((one) => one.ref)).toContainEqual(ref);
    expect(await world.warehouse.transaction((client) => dropTable(client, ref))).toBe(true);
    expect(await loadTable(world.database.pool, world.warehouse.lake, ref)).toBeNull();
    expect(await world.warehouse.readScan(scanSql(table), table.files, 'select * from t')).toEqual([[1]]);
    await world.warehouse.publish({ ref, select: `select 'other' as name`, mode: 'overwrite' });
    expect(await world.warehouse.read(ref)).toEqual([['other']]);
  });

  it('hides staged rows: only its own session and scan see them', async () => {
    const ref = newRef();
    const staged = await world.warehouse.stage({ ref, select: 'select 1 as id', mode: 'overwrite' });
    expect(await loadTable(world.database.pool, world.warehouse.lake, ref)).toBeNull();
    expect(await world.warehouse.readScan(scanSql(staged), staged.files, 'select * from t')).toEqual([[1]]);
    expect(await world.warehouse.readScan(scanWritten(staged), staged.writtenFiles, 'select * from t')).toEqual([[1]]);
    await expect(world.warehouse.readScan(scanSql(staged), [], 'select * from t')).rejects.toThrow(/disabled/);
  });

  it('shows a staged append as the table will be, and its own rows alone', async () => {
    const ref = newRef();
    await world.warehouse.publish({ ref, select: 'select 1 as id', mode: 'overwrite' });
    const staged = await world.warehouse.stage({ ref, select: `select 2::bigint as id, 'b' as name`, mode: 'append' });
    expect(staged).toMatchObject({ rows: 1, totalRows: 2 });
    expect(await world.warehouse.readScan(scanSql(staged), staged.files, 'select * from t order by id')).toEqual([
      ['1', null],
      ['2', 'b'],
    ]);
    expect(await world.warehouse.readScan(scanWritten(staged), staged.writtenFiles, 'select * from t')).toEqual([
      ['2', 'b'],
    ]);
  });

  it('takes any name a column can have', async () => {
    const ref = newRef();
    const select = `select 1 as "we""ird", 2 as "it's", {'a"b': 3, 'select': 4} as "select", 5 as "ção 😀", [{'q"r': 6}] as "x.y" -- the end`;
    await world.warehouse.publish({ ref, select, mode: 'overwrite' });
    expect(await world.warehouse.read(ref)).toEqual([[1, 2, { 'a"b': 3, select: 4 }, 5, [{ 'q"r': 6 }]]]);
  });
});
