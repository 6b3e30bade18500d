-- Of which columns the columns of a cell are made, as of the run that published it; charts and inputs as of the last run.
create table lineage (
  owner_key text not null,
  cell text not null,
  notebook_id text references notebooks (id) on delete cascade,
  owner_title text not null,
  run_id text not null,
  detail jsonb not null,
  recorded_at timestamptz not null default now(),
  primary key (owner_key, cell)
);
create index lineage_notebook_idx on lineage (notebook_id);
