{%- set totals = {'orders': 'count(o.order_id)', 'amount': 'sum(o.amount)'} -%}
select
    c.customer_id,
    c.first_name || ' ' || c.last_name as name,
    min(o.order_date) as first_order
    {%- for column, expression in totals.items() %},
    {{ expression }} as {{ column }}
    {%- endfor %}
from {{ ref('bakery', 'stg_customers') }} as c
left join {{ ref('orders') }} as o on o.customer_id = c.customer_id
{% if target.type == 'duckdb' %}group by all{% else %}group by 1, 2{% endif %}
