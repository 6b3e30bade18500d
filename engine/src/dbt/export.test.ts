import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import type { CellText } from '../compile/testing/a-notebook.ts';
import { aNotebook, chart, csv, input, sql } from '../compile/testing/a-notebook.ts';
import { createDuckPool } from '../duckdb/pool.ts';
import type { ExportInput } from './export/project.ts';
import { exportDbt } from './export/project.ts';
import { escaped } from './export/to-jinja.ts';

const pool = createDuckPool({ size: 1, warm: 1 });
const parse = (text: string) => pool.parse(text);
afterAll(() => pool.stop());

async function exported(cells: readonly CellText[], more: Partial<ExportInput> = {}) {
  const notebook = { ...aNotebook(...cells), title: 'Année 1' };
  const { graph } = await compile(notebook, { parse });
  const made = await exportDbt({ notebook, graph, parse, columns: new Map(), rows: new Map(), ...more });
  return { ...made, text: (path: string) => String(made.files.get(path) ?? '') };
}

describe('a dbt project', () => {
  it('has ref() and source() where the parser finds names, and nowhere else', async () => {
    const { text, name } = await exported([
      csv('raw'),
      sql('orders', "select raw.id, 'raw' as raw from raw -- from raw"),
      sql(
        'joined',
        'with raw as (select 1 as id) select o.id, orders.raw from orders join raw using (id), "orders" o, gold.days',
        {
          layer: 'gold',
        },
      ),
    ]);
    expect(name).toBe('annee_1');
    expect(text('models/intermediate/orders.sql')).toContain(
      "select raw.id, 'raw' as raw from {{ source('bronze', 'raw') }} as raw -- from raw",
    );
    expect(text('models/marts/joined.sql')).toContain(
      "with raw as (select 1 as id) select o.id, orders.raw from {{ ref('orders') }} as orders join raw using (id), {{ ref('orders') }} o, {{ source('gold', 'days') }} as days",
    );
    expect(text('models/_sources.yml')).toMatch(/name: gold[\s\S]*name: days/);
  });

  it('renders inputs as typed literals and runs no text as Jinja', async () => {
    const { text } = await exported([
      input('least', { type: 'number', default: 3 }),
      input('period', { type: 'daterange', default: ['2025-01-01', '2025-02-01'] }),
      sql(
        'x',
        "select $least as a, '$least {{ y }} {% z %}' as b where current_date between $period_start and $period_end",
      ),
    ]);
    expect(text('models/intermediate/x.sql')).toContain(
      "select {{ parameter('least', 'BIGINT') }} as a, '$least {{ '{{' }} y }} {{ '{%' }} z %}' as b where current_date between {{ parameter('period_start', 'DATE') }} and {{ parameter('period_end', 'DATE') }}",
    );
    expect(text('dbt_project.yml')).toMatch(/least: 3[\s\S]*period_start: "?2025-01-01/);
  });

  it('leaves no mark of Jinja in text that it escapes', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[{}%#a '\n]{0,30}$/), (text) => {
        const rendered = escaped(text).replace(/\{\{ '(\{[{%#])' \}\}/g, (_, mark: string) => `\u0001${mark}\u0001`);
        expect(rendered.replace(/\u0001\{[{%#]\u0001/g, '')).not.toMatch(/\{[{%#]/);
        expect(rendered.replaceAll('\u0001', '')).toBe(text);
      }),
    );
  });

  it('says what it does not hold, in the project and beside it', async () => {
    const { notes, text } = await exported([
      csv('raw', { rejects: 'table' }),
      sql('a', 'select * from raw', {
        partition_by: 'id',
        expect: [{ freshness: { column: 'at', max_age: '1 day' } }],
      }),
      sql('broken', 'select from nothing at all'),
      chart('bars', 'a'),
    ]);
    expect(notes.map(({ cell }) => cell)).toEqual(['raw', 'a', 'a', 'bars', 'broken']);
    for (const { message } of notes) expect(text('README.md')).toContain(message);
    expect(text('models/_exposures.yml')).toContain("ref('a')");
  });

  it('turns rules into tests, and rows that they take out into SQL', async () => {
    const { text, files } = await exported([
      sql('p', 'select 1 as id'),
      sql('t', 'select 1 as id, 2 as qty', {
        expect: [
          { unique: ['id', 'qty'] },
          { not_null: 'id', severity: 'warn' },
          { accepted_values: { column: 'qty', values: ["it's"] } },
          { relationships: { column: 'id', to: 'p' } },
          { expression: 'qty > 0', on_violation: 'quarantine' },
        ],
      }),
    ]);
    const yml = text('models/intermediate/_models.yml');
    expect(yml).toMatch(/unique_together:\s+columns:\s+- id\s+- qty/);
    expect(yml).toMatch(/not_null:\s+config:\s+severity: warn/);
    expect(yml).toContain(`in ('it''s')`);
    expect(yml).toMatch(/relationships:\s+to: ref\('p'\)\s+field: id/);
    expect(yml).not.toContain('qty > 0');
    expect(text('models/intermediate/t.sql')).toContain('not (qty > 0');
    expect(files.has('models/intermediate/t_quarantine.sql')).toBe(true);
  });
});
