{% set methods = var('paid_by') %}

with payments as (
    select
        order_id,
        {% for method in methods -%}
        sum(case when payment_method = '{{ method }}' then amount else 0 end) as {{ method }}_amount
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('stg_payments') }}
    group by order_id
)

select
    o.order_id,
    o.customer_id,
    o.order_date,
    o.status,
    {% for method in methods %}
    coalesce(payments.{{ method }}_amount, 0) as {{ method }}_amount,
    {% endfor %}
    {%- for method in methods %}
    coalesce(payments.{{ method }}_amount, 0){{ ' + ' if not loop.last else '' }}
    {%- endfor %} as amount
from {{ ref('stg_orders') }} as o
left join payments using (order_id)
