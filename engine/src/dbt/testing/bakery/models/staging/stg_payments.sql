{{ config(materialized='ephemeral') }}
select
    id as payment_id,
    order_id,
    payment_method,
    {{ in_reais('amount') }} as amount
from {{ source('till', 'payments') }}
where amount >= {{ var('smallest') }}
