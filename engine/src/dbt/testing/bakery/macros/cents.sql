{% macro in_reais(column, digits=2) -%}
  {{ return(adapter.dispatch('in_reais')(column, digits)) }}
{%- endmacro %}

{% macro default__in_reais(column, digits) -%}
  cast({{ column }} / 100.0 as decimal(16, {{ digits }}))
{%- endmacro %}
