-- Versions hold their own state: the update log may be pruned under them.
create table notebook_versions (
  id text primary key,
  notebook_id text not null references notebooks (id) on delete cascade,
  made_at timestamptz not null default clock_timestamp(),
  reason text not null check (reason in ('auto', 'named', 'publish', 'restore', 'schedule')),
  name text not null default '',
  message text not null default '',
  made_by text references users (id) on delete set null,
  -- The log was read up to here.
  seq bigint not null,
  document jsonb not null,
  digest text not null,
  changed_cells integer not null default 0,
  -- Cell id -> ids of the people who changed it since the version before.
  cell_authors jsonb not null default '{}'
);
create index notebook_versions_notebook_idx on notebook_versions (notebook_id, made_at desc);

-- Who wrote which part of a document: Yjs's client and clock, by the user whose update brought it first.
create table document_authors (
  notebook_id text not null references notebooks (id) on delete cascade,
  client bigint not null,
  clock bigint not null,
  length integer not null,
  user_id text references users (id) on delete set null,
  at timestamptz not null,
  primary key (notebook_id, client, clock)
);
create table document_authors_read (
  notebook_id text primary key references notebooks (id) on delete cascade,
  seq bigint not null
);
