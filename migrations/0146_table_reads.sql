-- Who asked what of which table by hand, a day and a person each a row: what the catalogue shows as usage.
create table table_reads (
  layer text not null,
  name text not null,
  user_id text not null references users (id) on delete cascade,
  day date not null,
  reads integer not null default 1,
  last_at timestamptz not null default now(),
  primary key (layer, name, user_id, day)
);
