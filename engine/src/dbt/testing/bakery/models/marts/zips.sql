select zip, count(*) as customers, max(dbt_valid_from) as since
from {{ ref('customer_history') }}
where dbt_valid_to is null
group by zip
