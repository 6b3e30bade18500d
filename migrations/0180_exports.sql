-- What became of sending a published table elsewhere: one row a target of a cell and run.
create table exports (
  run_id text not null references runs (id) on delete cascade,
  cell text not null,
  target text not null,
  layer text not null,
  name text not null,
  snapshot_id text,
  state text not null check (state in ('pending', 'delivered', 'failed')),
  rows bigint,
  error text,
  attempts integer not null default 0,
  updated_at timestamptz not null default now(),
  primary key (run_id, cell, target)
);
create index exports_by_relation on exports (layer, name, target, updated_at desc);
