import { formatNotebook } from '@datacraft/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importDbt } from './import/import.ts';
import { Evaluator } from './jinja/evaluate.ts';
import { JinjaProblem } from './jinja/problem.ts';
import { parseTemplate } from './jinja/template.ts';
import type { Value } from './jinja/value.ts';
import { valueOf } from './jinja/value.ts';

const render = (text: string, globals: Readonly<Record<string, unknown>> = {}) =>
  new Evaluator({
    globals: new Map<string, Value>(Object.entries(globals).map(([name, value]) => [name, valueOf(value)])),
  }).render(parseTemplate(text));

const project = (files: Readonly<Record<string, string>>, more = '') =>
  importDbt(new Map(Object.entries({ 'dbt_project.yml': `name: shop\nversion: "1"\n${more}`, ...files })));
const cell = (made: ReturnType<typeof project>, name: string) => made.cells.find((each) => each.name === name);
const said = (made: ReturnType<typeof project>) =>
  made.findings.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);

describe('Jinja', () => {
  it('renders what dbt projects write, as Python would', () => {
    expect(render("{% set a = ['x', 'y'] %}{% for i in a %}{{ i }}{{ ', ' if not loop.last }}{% endfor %}")).toBe(
      'x, y',
    );
    expect(render('{% for k, v in {"a": 1, "b": 2}.items() -%} {{ k }}={{ v }};{% endfor %}')).toBe('a=1;b=2;');
    expect(
      render('{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ 1 / 4 }} {{ "a" ~ 1 }} {{ none }} {{ true and not false }}'),
    ).toBe('3 -4 1 0.25 a1 None True');
    expect(
      render('{{ x | default("d") }} {{ "a,b".split(",") | join("-") | upper }} {{ 3 in [1, 3] }} {{ x is defined }}'),
    ).toBe('d A-B True False');
    expect(
      render(
        '{% raw %}{{ not run }}{% endraw %} {#- gone -#} {%- if 1 > 2 %}a{% elif 2 == 2 %}b{% else %}c{% endif %}',
      ),
    ).toBe('{{ not run }}b');
    expect(render('{% macro m(a, b=2) %}{{ a + b }}{% endmacro %}{{ m(1) }}{{ m(1, b=5) }}')).toBe('36');
    expect(render('{% set s %}a{{ 1 }}{% endset %}{{ s }}')).toBe('a1');
  });

  it('says where it cannot follow', () => {
    const problem = (text: string) => {
      try {
        return render(text);
      } catch (error) {
        return error instanceof JinjaProblem ? [error.offset, error.message.slice(0, 23)] : error;
      }
    };
    expect(problem('ab {{ nope }}')).toEqual([6, 'nothing is called nope:']);
    expect(problem('{% call x() %}')).toEqual([2, '{% call %} is a part of']);
    expect(problem('{{ dbt_x.star() }}')).toEqual([3, 'dbt_x.star belongs to a']);
    expect(problem('{% if true %}')).toEqual([2, '{% if %} is not closed:']);
    const deep = (piece: string) => piece.repeat(60_000);
    for (const text of [
      `${deep('{% if a %}')}`,
      `{{ ${deep('not ')} a }}`,
      `{{ ${deep('(')}`,
      '{% macro a() %}{{ b() }}{% endmacro %}{{ a() }}',
    ])
      expect(problem(text)).toEqual([expect.any(Number), expect.any(String)]);
    expect(problem('{{ 1')).toEqual([0, '{{ is not closed: end i']);
    expect(problem('{% for i in range_ %}{% endfor %}')).toEqual([12, 'nothing is called range']);
  });

  it('ends, whatever it is given, in a text or a problem', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      '{#',
      '#}',
      ' if ',
      ' for ',
      'x',
      ' in ',
      '[',
      ']',
      '(',
      ')',
      "'",
      '"',
      '|',
      '.',
      ' set ',
      '=',
      ' endif ',
      ' else ',
      '-',
      '1',
      '\n',
      ',',
      ' macro ',
      ' raw ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        try {
          expect(typeof render(pieces.join(''))).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(JinjaProblem);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('a dbt project as a notebook', () => {
  it('keeps what it cannot follow as text, with file, line and column', () => {
    const made = project({
      'models/a.sql': 'select 1 as id',
      'models/b.sql': "select *\nfrom {{ ref('nope') }}",
      'models/c.sql': "{{ dbt_utils.star(ref('a')) }}",
    });
    expect(cell(made, 'b')?.source).toContain("{{ ref('nope') }}");
    expect(said(made)).toEqual(
      expect.arrayContaining([
        'models/b.sql:2:9 no model, seed or snapshot is called nope',
        'models/c.sql:1:13 there is no .star here',
      ]),
    );
  });

  it('takes configuration from the nearest place', () => {
    const made = project(
      {
        'models/marts/a.sql': "{{ config(materialized='view') }} select 1 as id",
        'models/marts/b.sql': 'select 1 as id',
        'models/marts/off.sql': 'select 1',
        'models/p.yml': 'models:\n  - name: off\n    config: { enabled: false }\n',
      },
      'models:\n  shop:\n    +materialized: table\n    marts:\n      +materialized: ephemeral\n      +tags: [x]\n',
    );
    expect(cell(made, 'a')?.config).toEqual({ layer: 'gold', materialize: 'view', tags: ['x'] });
    expect(cell(made, 'b')?.config).toEqual({ layer: 'gold', materialize: 'ephemeral', tags: ['x'] });
    expect(cell(made, 'off')).toBeUndefined();
    expect(said(made)).toContain('models/marts/off.sql:1:1 is disabled, and left out');
  });

  it('makes inputs of vars that stand for values, and writes the others out', () => {
    const made = project(
      {
        'models/a.sql':
          "select {{ var('n') }} as n, '{{ var(\"day\") }}' as d, '{{ var('n') }} days' as t, {{ var('col') }} as c, {{ var('other', 5) }} as o",
      },
      "vars: { n: 3, day: '2024-05-01', col: id }\n",
    );
    expect(cell(made, 'a')?.source).toBe("select $n as n, $day as d, '3 days' as t, id as c, $other as o");
    expect(cell(made, 'day')?.config).toEqual({ type: 'date', default: '2024-05-01' });
    expect(cell(made, 'other')?.config).toEqual({ type: 'number', default: 5 });
  });

  it('merges by key, replaces batches, and never adds rows twice', () => {
    const made = project({
      'models/merge.sql':
        "{{ config(materialized='incremental', unique_key=['a', 'b']) }} select 1 as a, 2 as b {% if is_incremental() %} where false {% endif %}",
      'models/batch.sql':
        "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at', batch_size='hour', begin='2024-01-01', lookback=2) }} select 1 as a",
      'models/append.sql': "{{ config(materialized='incremental') }} select 1 as a",
      'models/mirror.sql':
        "{{ config(materialized='incremental', incremental_strategy='merge', unique_key='a', skip_matched_step=true, not_matched_by_source_action='delete') }} select 1 as a",
      'models/closed.sql':
        "{{ config(materialized='incremental', unique_key='a', not_matched_by_source_action='delete', not_matched_by_source_condition='DBT_INTERNAL_DEST.a > 1') }} select 1 as a",
    });
    expect(cell(made, 'merge')).toMatchObject({
      source: 'select 1 as a, 2 as b',
      config: { materialize: 'incremental', strategy: 'merge', unique_key: ['a', 'b'] },
    });
    expect(cell(made, 'batch')?.config).toEqual({
      materialize: 'incremental',
      strategy: 'replace_interval',
      time_column: 'at',
      interval: 'hour',
      lookback: 2,
      start: '2024-01-01',
      allow_partials: true,
    });
    expect(cell(made, 'append')?.config).toEqual({});
    const merge = { materialize: 'incremental', strategy: 'merge', unique_key: 'a' };
    expect(cell(made, 'mirror')?.config).toEqual({ ...merge, insert_only: true, unmatched: 'delete' });
    expect(cell(made, 'closed')?.config).toEqual(merge);
    expect(said(made)).toContain('models/closed.sql:1:1 its not_matched_by_source_action is left out');
    expect(said(made).join('\n')).toContain('would add rows twice');
  });

  it('expects outside tables where they are, and never reads its own name', () => {
    const yml =
      'sources:\n  - name: raw\n    tables: [{ name: orders }]\n  - name: silver\n    tables: [{ name: days }]\n';
    const made = project({
      'models/s.yml': yml,
      'models/a.sql': "select * from {{ source('raw', 'orders') }}, {{ source('silver', 'days') }}",
    });
    expect(cell(made, 'orders')?.config).toEqual({ type: 'postgres', connection: 'raw', table: 'raw.orders' });
    expect(cell(made, 'days')?.config).toEqual({ type: 'table', table: 'silver.days' });
    expect(cell(made, 'a')?.source).toBe('select * from orders, days');
    expect(formatNotebook(made.notebook)).toContain('```sql a');
  });
});
