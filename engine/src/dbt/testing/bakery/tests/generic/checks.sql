{% test dbt_expectations_like_check(model, column_name) %}
select * from {{ model }} where {{ column_name }} > 1000000
{% endtest %}

{% test at_least_one(model, columns) %}
select 1 where (select count(*) from {{ model }}) = 0
{% endtest %}
