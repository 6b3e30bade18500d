import { createTestDatabase } from '@datacraft/migrations/testing';
import { formatNotebook, parseNotebook, stepsOfSql, transformSql, validateConfig } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const data = sqlCells({
  raw: `select * from (values
    (1, ' Ana Souza ', 'S√£o Paulo', '529.982.247-25', '31/01/2024', 10.0, 'web', 'BRL'),
    (1, ' Ana Souza ', 'S√£o Paulo', '529.982.247-25', '31/01/2024', 10.0, 'web', 'BRL'),
    (2, 'Beto Lima', null, '123', '2024-02-10', 20.0, 'loja', 'USD'),
    (3, 'Caio', 'SÃ£o JosÃ©', null, '2024-03-01', -5.0, 'web', 'USD')) as t(id, name, city, cpf, day, amount, channel, currency)`,
  rates: `select * from (values ('USD', date '2024-01-01', 5.0), ('USD', date '2024-02-15', 5.5)) as t(currency, since, rate)`,
  regions: `select * from (values ('web', 'online'), ('loja', 'físico')) as t(channel, region)`,
});

let count = 0;
async function rowsOf(steps: string, columns = '*', from = 'raw') {
  const name = `t${count++}`;
  const text = `${data}\n\`\`\`transform ${name}\nfrom: ${from}\nsteps:\n${steps}\n\`\`\`\n`;
  const report = await shop.run(text, { owner: 'transform' });
  const error = taskOf(report, name).error;
  if (error) throw new Error(error.message);
  return shop.rows(`select ${columns} from silver.${name}`);
}

describe('a transform cell', () => {
  const steps: readonly (readonly [claim: string, steps: string, columns: string, rows: unknown[][]])[] = [
    ['filter keeps rows', '  - filter: id = 2', 'id', [[2]]],
    [
      'select, drop, rename',
      '  - select: [id, name, city]\n  - drop: city\n  - rename: { name: nome }\n  - filter: id = 2',
      '*',
      [[2, 'Beto Lima']],
    ],
    [
      'cast, also of what cannot be',
      '  - filter: id < 3\n  - deduplicate: id\n  - cast: { cpf: bigint }\n    on_error: "null"\n  - sort: id',
      'id, cpf::varchar',
      [
        [1, null],
        [2, '123'],
      ],
    ],
    [
      'derive adds, and takes the place of',
      '  - filter: id = 2\n  - derive: { amount: amount * 2, twice: id * 2 }',
      'amount::integer, twice',
      [[40, 4]],
    ],
    [
      'split',
      '  - trim: name\n  - split: { column: name, by: " ", into: [first, last] }\n  - deduplicate: id\n  - sort: id',
      'first, last',
      [
        ['Ana', 'Souza'],
        ['Beto', 'Lima'],
        ['Caio', null],
      ],
    ],
    [
      'flatten a struct and a list',
      "  - filter: id = 2\n  - derive: { s: \"{'x': id, 'l': [7, 8]}\" }\n  - flatten: s\n  - flatten: l\n    into: rows",
      'x, l',
      [
        [2, 7],
        [2, 8],
      ],
    ],
    [
      'deduplicate by key, the last by order',
      '  - deduplicate: channel\n    order_by: id desc\n  - sort: id',
      'id',
      [[2], [3]],
    ],
    ['deduplicate all', '  - deduplicate: all\n  - aggregate: { n: count(*) }', 'n::integer', [[3]]],
    ['fill', '  - fill: { city: "?" }\n  - filter: id = 2', 'city', [['?']]],
    [
      'fill from the row before',
      '  - deduplicate: id\n  - fill_from: previous\n    columns: city\n    order_by: id\n  - filter: id = 2',
      'city',
      [['S√£o Paulo']],
    ],
    [
      'standardize',
      '  - deduplicate: id\n  - standardize: { city: mojibake, cpf: cpf, day: date }\n  - sort: id',
      'city, cpf, day::varchar',
      [
        ['São Paulo', '52998224725', '2024-01-31'],
        [null, '123', '2024-02-10'],
        ['São José', null, '2024-03-01'],
      ],
    ],
    ['join', '  - join: regions\n    on: channel\n  - filter: id = 2', 'region', [['físico']]],
    [
      'join on other names, inner',
      '  - rename: { channel: c }\n  - join: regions\n    on: { c: channel }\n    type: inner\n    columns: region\n  - filter: id = 3',
      'region',
      [['online']],
    ],
    ['union', '  - select: [id]\n  - union: ids\n  - aggregate: { n: count(*) }', 'n::integer', [[5]]],
    [
      'aggregate',
      '  - aggregate: { total: sum(amount) }\n    by: channel\n  - sort: channel',
      'channel, total::integer',
      [
        ['loja', 20],
        ['web', 15],
      ],
    ],
    [
      'pivot',
      '  - pivot: channel\n    values: [web, loja]\n    using: sum(amount)\n    by: currency\n  - sort: currency',
      'currency, web::integer, loja::integer',
      [
        ['BRL', 20, null],
        ['USD', -5, 20],
      ],
    ],
    [
      'unpivot',
      '  - filter: id = 2\n  - select: [id, name, channel]\n  - unpivot: [name, channel]\n    name: key\n    value: val\n  - sort: key',
      'id, key, val',
      [
        [2, 'channel', 'loja'],
        [2, 'name', 'Beto Lima'],
      ],
    ],
    [
      'window',
      '  - deduplicate: id\n  - window: { running: sum(amount) }\n    order_by: id\n  - sort: id',
      'running::integer',
      [[10], [30], [25]],
    ],
    [
      'asof_join',
      '  - standardize: { day: date }\n  - asof_join: rates\n    on: currency\n    time: day\n    with_time: since\n    columns: rate\n  - deduplicate: id\n  - sort: id',
      'rate::double',
      [[null], [5], [5.5]],
    ],
    [
      'sample is the same in every run, limit',
      '  - sample: 3\n    seed: 1\n  - limit: 1\n  - aggregate: { n: count(*) }',
      'n::integer',
      [[1]],
    ],
  ];
  it.each(steps)('%s', async (_, text, columns, rows) => {
    const needed = text.includes('union: ids') ? text.replace('ids', 'ids_of_two') : text;
    if (needed !== text) await shop.run(sqlCells({ ids_of_two: 'select 9 as id' }), { owner: 'ids' });
    expect(await rowsOf(needed.replace('ids_of_two', 'silver.ids_of_two'), columns)).toEqual(rows);
  });

  it('validate stops the run at the first row that breaks it', async () => {
    await expect(rowsOf('  - validate: amount >= 0\n    message: negative amount')).rejects.toThrow(/negative amount/);
  });

  it('quarantine sets rows aside beside the table', async () => {
    const rows = await rowsOf('  - deduplicate: id\n  - quarantine: amount < 0', 'id');
    expect(rows.map(([id]) => id).sort()).toEqual([1, 2]);
    expect(await shop.rows(`select id, _rule from silver.t${count - 1}_quarantine`)).toEqual([[3, 'not (amount < 0)']]);
  });

  it('reads inputs, is a dimension, and is skipped when nothing is new', async () => {
    const text = `${data}\n\`\`\`input low\ntype: number\ndefault: 15\n\`\`\`\n\n\`\`\`transform dim_t\nlayer: gold\nmaterialize: dimension\nunique_key: id\nfrom: raw\nsteps:\n  - filter: amount > $low\n\`\`\`\n`;
    expect((await shop.run(text, { owner: 'transform' })).tasks.flatMap((task) => task.error ?? [])).toEqual([]);
    expect(await shop.rows('select dim_t_key::integer, id from gold.dim_t order by all')).toEqual([
      [-1, null],
      [1, 2],
    ]);
    expect(taskOf(await shop.run(text, { owner: 'transform' }), 'dim_t').reason).toBe('fresh');
  });

  it('a source keeps its columns, and says where rows come from only when it is asked to', async () => {
    const file = (more: string) => `\`\`\`source origin\ntype: csv\npath: ./origin.csv\n${more}\`\`\`\n`;
    await shop.file('origin.csv', 'a,b\n1,x\n2,y\n');
    const columns = async () => (await shop.rows('select * from (describe bronze.origin)')).map(([name]) => name);
    await shop.run(file(''), { owner: 'origin' });
    expect(await columns()).toEqual(['a', 'b']);
    const report = await shop.run(file('provenance: true\n'), { owner: 'origin' });
    expect(report.tasks.flatMap((task) => task.error ?? [])).toEqual([]);
    expect(await columns()).toEqual(['a', 'b', '_source', '_ingested_at', '_row_hash']);
    expect(await shop.rows('select count(distinct _row_hash)::integer, any_value(_source) from bronze.origin')).toEqual(
      [[2, './origin.csv']],
    );
  });

  it('says the step and the word that are wrong', async () => {
    const findings = async (body: string) => {
      const { compiled } = await shop.input(`${data}\n\`\`\`transform bad\n${body}\n\`\`\`\n`);
      return compiled.diagnostics.map(({ code, path, suggestion }) => [code, path?.join('.'), suggestion]);
    };
    expect(await findings('from: raw\nsteps:\n  - fliter: id > 1')).toEqual([
      ['unknown-key', 'steps.0.fliter', 'filter'],
    ]);
    expect(await findings('from: raww')).toEqual([['unknown-name', 'from', 'raw']]);
    expect(await findings('from: raw\nsteps:\n  - limit: 1\n  - join: regionz\n    on: channel')).toEqual([
      ['unknown-name', 'steps.1.join', 'regions'],
    ]);
    expect(await findings('from: raw\nsteps:\n  - derive: { a: 1, b: id + }')).toEqual([
      ['sql-syntax', 'steps.0.derive.b', undefined],
    ]);
    expect(await findings('from: raw\nsteps:\n  - filter: "1) union select (2"')).toEqual([
      ['sql-syntax', 'steps.0.filter', undefined],
    ]);
    expect(await findings("from: raw\nsteps:\n  - derive: { a: getenv('HOME') }")).toEqual([
      ['function-refused', 'steps.0.derive.a', undefined],
    ]);
  });

  it('T3 goes to SQL and back without loss, and its text form is stable', () => {
    for (const [, text] of steps) {
      const source = `\`\`\`transform t\nfrom: raw\nsteps:\n${text}\n\`\`\`\n`;
      const { notebook } = parseNotebook(source);
      const [cell] = notebook.cells;
      const { spec, issues } = validateConfig('transform', cell?.config ?? {});
      expect(issues).toEqual([]);
      if (spec === null) continue;
      expect(stepsOfSql(transformSql(spec).sql)).toEqual({ from: spec.from, steps: spec.steps });
      const formatted = formatNotebook(notebook);
      expect(formatNotebook(parseNotebook(formatted).notebook)).toBe(formatted);
    }
    expect(stepsOfSql(`${transformSql({ from: 'a', steps: [{ filter: 'b' }] }).sql} limit 3`)).toBeNull();
  });
});
