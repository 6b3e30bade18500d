/** What every exported project brings: schemas are layers, inputs are typed literals, and rules that dbt has no test for. */
export const macros: readonly (readonly [path: string, text: string])[] = [
  [
    'macros/generate_schema_name.sql',
    `{#- A layer is a schema of its own name. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ target.schema if custom_schema_name is none else custom_schema_name | trim }}
{%- endmacro %}
`,
  ],
  [
    'macros/parameter.sql',
    `{#- A var as a literal of its type: text stays text, whatever stands in it. -#}
{% macro parameter(name, type) -%}
  {%- set value = var(name) -%}
  {%- if target.type == 'postgres' and type == 'DOUBLE' -%}{%- set type = 'double precision' -%}{%- endif -%}
  {%- if value is none -%}cast(null as {{ type }})
  {%- elif value is string and value == 'today' and type == 'DATE' -%}current_date
  {%- elif value is string -%}cast('{{ value | replace("'", "''") }}' as {{ type }})
  {%- elif value is sequence -%}cast([{% for item in value -%}
    {%- if item is string -%}'{{ item | replace("'", "''") }}'{%- else -%}{{ item }}{%- endif -%}{{ ", " if not loop.last }}
  {%- endfor %}] as {{ type }})
  {%- else -%}cast({{ value }} as {{ type }})
  {%- endif -%}
{%- endmacro %}
`,
  ],
  [
    'macros/is_kept.sql',
    `{#- Whether the table of this model is there, to go on from its rows. -#}
{% macro is_kept() -%}
  {{ return(execute and not should_full_refresh() and load_cached_relation(this) is not none) }}
{%- endmacro %}
`,
  ],
  [
    'tests/generic/rules.sql',
    `{% test unique_together(model, columns) %}
select {{ columns | join(', ') }}, count(*) as rows_of_it
from {{ model }}
where {% for column in columns %}{{ column }} is not null{{ " and " if not loop.last }}{% endfor %}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}

{% test expression_holds(model, expression) %}
select * from {{ model }} where not ({{ expression }}
)
{% endtest %}

{% test row_count_between(model, min=none, max=none) %}
select counted from (select count(*) as counted from {{ model }}) as rows_of_it
where false{% if min is not none %} or counted < {{ min }}{% endif %}{% if max is not none %} or counted > {{ max }}{% endif %}
{% endtest %}

{% test newer_than(model, column, max_age) %}
select newest from (select cast(max({{ column }}) as timestamptz) as newest from {{ model }}) as rows_of_it
where newest is null or newest < now() - cast('{{ max_age }}' as interval)
{% endtest %}
`,
  ],
];
