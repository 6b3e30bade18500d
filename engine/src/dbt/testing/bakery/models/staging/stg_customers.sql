{#- Names are one column from here on. -#}
with source as (
    select * from {{ ref('raw_customers') }}
),

renamed as (
    select
        id as customer_id,
        first_name,
        coalesce(last_name, '{{ "none" | upper }}') as last_name,
        zip,
        changed_at
    from source
)

select * from renamed
