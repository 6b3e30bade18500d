-- The SQL room: open tabs and past queries of each person, and queries that the workspace shares.
create table sql_tabs (
  user_id text primary key references users (id) on delete cascade,
  tabs jsonb not null,
  updated_at timestamptz not null default now()
);

create table sql_history (
  id bigint generated always as identity primary key,
  user_id text not null references users (id) on delete cascade,
  sql text not null,
  params jsonb not null default '{}',
  ms integer not null,
  rows bigint not null,
  failed boolean not null,
  at timestamptz not null default now()
);
create index sql_history_of_user on sql_history (user_id, id desc);

create table saved_queries (
  id text primary key,
  name text not null,
  sql text not null,
  params jsonb not null default '{}',
  -- layer.name of what it reads: whoever may not read one of them does not see the query.
  reads text[] not null default '{}',
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
