-- Which event-time intervals a table's rows cover: written in the transaction that publishes the rows, half-open, UTC.
create table intervals (
  layer text not null,
  name text not null,
  start_at timestamptz not null,
  end_at timestamptz not null,
  run_id text not null,
  recorded_at timestamptz not null default now(),
  primary key (layer, name, start_at),
  check (start_at < end_at)
);
