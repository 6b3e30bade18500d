{% snapshot customer_history %}
{{ config(unique_key='customer_id', strategy='timestamp', updated_at='changed_at') }}
select customer_id, last_name, zip, changed_at from {{ ref('stg_customers') }}
{% endsnapshot %}
