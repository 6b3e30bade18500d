/** Every way a cell is kept that dbt has to be told of. */
export const star = `---
datacraft: 1
title: "Star: {{ 1 }}"
schedule: { cron: "0 6 * * *" }
---

Prose with {{ braces }} and {% tags %}.

\`\`\`source people
type: csv
path: ./people.csv
\`\`\`

\`\`\`source orders_in
type: csv
path: ./orders.csv
columns: { day: date, amount: "decimal(12,2)" }
\`\`\`

\`\`\`input city
type: text
default: "it's {{ here }}"
\`\`\`

\`\`\`sql bought
---
materialize: incremental
strategy: merge
unique_key: order_id
sequence_by: day
expect:
  - not_null: [order_id]
  - expression: amount > -100
  - row_count: { min: 1 }
  - accepted_values: { column: order_id, values: [1, 2, 3, 4] }
---
-- what {{ jinja }} would run
select orders_in.order_id, id, day, amount, $city as asked, '{{ x }}' as braces
from orders_in
\`\`\`

\`\`\`sql only_new
---
materialize: incremental
unique_key: order_id
insert_only: true
---
select order_id, amount from orders_in
\`\`\`

\`\`\`sql mirror
---
materialize: incremental
unique_key: order_id
unmatched: delete
expect:
  - expression: amount >= 0 and amount <> 25
    on_violation: quarantine
---
select order_id, amount from orders_in
\`\`\`

\`\`\`sql mirror_new
---
materialize: incremental
unique_key: order_id
insert_only: true
unmatched: delete
---
select order_id, amount from orders_in
\`\`\`

\`\`\`sql by_day
---
materialize: incremental
strategy: replace_interval
time_column: day
---
select day, sum(amount)::decimal(12,2) as amount from orders_in group by all
\`\`\`

\`\`\`sql odd
---
expect:
  - expression: amount >= 0
    on_violation: quarantine
---
from orders_in select order_id, amount
\`\`\`

\`\`\`sql dim_city
---
layer: gold
materialize: dimension
scd: 2
unique_key: id
sequence_by: since
---
select id, city, since from people
\`\`\`

\`\`\`sql fact_orders
---
layer: gold
materialize: fact
dimensions: { id: dim_city }
time_column: day
unique_key: order_id
---
select order_id, id, day, amount from silver.bought as o
\`\`\`
`;

/** Plain SQL that DuckDB and PostgreSQL understand alike. */
export const portable = `---
datacraft: 1
title: Both understand
---

\`\`\`source sold_raw
type: csv
path: ./sold.csv
columns: { day: date, amount: "decimal(12,2)", rate: double }
\`\`\`

\`\`\`input least
type: number
default: 1
\`\`\`

\`\`\`sql sold
---
expect:
  - not_null: [id]
  - unique: id
  - expression: amount > 0
  - row_count: { min: 1 }
---
select id, day, upper(channel) as channel, amount from sold_raw where amount >= $least
\`\`\`

\`\`\`sql days
---
materialize: incremental
strategy: replace_interval
time_column: day
---
select day, sum(amount) as amount from sold group by day
\`\`\`

\`\`\`sql named
---
materialize: ephemeral
---
select channel, amount from sold
\`\`\`

\`\`\`sql by_channel
---
layer: gold
materialize: view
---
select channel, count(*) as sales from named group by channel
\`\`\`
`;
