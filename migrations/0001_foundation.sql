-- People and rights
create table users (
  id text primary key,
  email text not null,
  name text not null,
  password_hash text not null,
  role text not null check (role in ('viewer', 'commenter', 'runner', 'editor', 'owner')),
  locale text not null default 'en',
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);
create unique index users_email_key on users (lower(email));

create table sessions (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  expires_at timestamptz not null
);
create index sessions_user_id_idx on sessions (user_id);
create index sessions_expires_at_idx on sessions (expires_at);

create table invitations (
  id text primary key,
  token_hash text not null unique,
  email text not null,
  role text not null check (role in ('viewer', 'commenter', 'runner', 'editor', 'owner')),
  invited_by text not null references users (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz
);

create table api_tokens (
  id text primary key,
  user_id text not null references users (id) on delete cascade,
  name text not null,
  token_hash text not null unique,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table audit_entries (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  user_id text references users (id) on delete set null,
  action text not null,
  target text,
  facts jsonb not null default '{}'
);
create index audit_entries_at_idx on audit_entries (at);

-- Notebooks: what people wrote
create table notebooks (
  id text primary key,
  title text not null,
  auto_run boolean not null default true,
  -- Follows the document; for lists only.
  cell_count integer not null default 0,
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

-- The append-only log: an update is here before its edit is acknowledged. A checkpoint bounds replay.
create table document_updates (
  seq bigint generated always as identity primary key,
  notebook_id text not null references notebooks (id) on delete cascade,
  epoch integer not null default 1,
  user_id text references users (id) on delete set null,
  data bytea not null,
  created_at timestamptz not null default now()
);
create index document_updates_notebook_idx on document_updates (notebook_id, seq);

create table document_checkpoints (
  notebook_id text not null references notebooks (id) on delete cascade,
  epoch integer not null default 1,
  seq bigint not null,
  data bytea not null,
  created_at timestamptz not null default now(),
  primary key (notebook_id, seq)
);

create table files (
  path text primary key,
  notebook_id text references notebooks (id) on delete set null,
  name text not null,
  sha256 text not null,
  size_bytes bigint not null,
  uploaded_by text references users (id) on delete set null,
  created_at timestamptz not null default now()
);

-- Runs: one execution of a plan; tasks: one cell in it; attempts: one try
create table runs (
  id text primary key,
  notebook_id text references notebooks (id) on delete cascade,
  owner_key text not null,
  state text not null check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  trigger text not null check (trigger in ('cli', 'manual', 'api', 'schedule')),
  request jsonb not null default '{}',
  document jsonb,
  error jsonb,
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  cancel_requested_at timestamptz,
  lease_holder text,
  lease_epoch integer not null default 0,
  lease_expires_at timestamptz
);
create index runs_notebook_idx on runs (notebook_id, created_at desc);
create index runs_unfinished_idx on runs (lease_expires_at) where state in ('queued', 'running');

create table tasks (
  run_id text not null references runs (id) on delete cascade,
  cell text not null,
  position integer not null,
  relation text,
  state text not null check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped')),
  report jsonb not null default '{}',
  started_at timestamptz,
  finished_at timestamptz,
  primary key (run_id, cell)
);

create table attempts (
  run_id text not null,
  cell text not null,
  attempt integer not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  error jsonb,
  primary key (run_id, cell, attempt),
  foreign key (run_id, cell) references tasks (run_id, cell) on delete cascade
);

-- Warehouse: what a relation name means now. Written only inside the publish transaction.
create table relations (
  layer text not null check (layer in ('bronze', 'silver', 'gold')),
  name text not null,
  owner_key text not null,
  owner_title text not null,
  notebook_id text references notebooks (id) on delete set null,
  cell text not null,
  kind text not null check (kind in ('table', 'view')),
  definition jsonb,
  fingerprint text not null,
  snapshot_id text,
  run_id text,
  row_count bigint not null default 0,
  rejected_count bigint not null default 0,
  columns jsonb not null default '[]',
  upstream jsonb not null default '{}',
  published_at timestamptz not null default now(),
  primary key (layer, name)
);
create index relations_owner_idx on relations (owner_key);
create index relations_notebook_idx on relations (notebook_id);

create table checks (
  id bigint generated always as identity primary key,
  run_id text not null,
  layer text not null,
  name text not null,
  rule text not null,
  status text not null check (status in ('passed', 'failed', 'warned', 'not-evaluated')),
  violations bigint,
  at timestamptz not null default now()
);

-- Iceberg's JDBC catalog, layout V1: other engines read these two tables as they are.
create table iceberg_tables (
  catalog_name varchar(255) not null,
  table_namespace varchar(255) not null,
  table_name varchar(255) not null,
  metadata_location varchar(1000),
  previous_metadata_location varchar(1000),
  iceberg_type varchar(5),
  primary key (catalog_name, table_namespace, table_name)
);
create table iceberg_namespace_properties (
  catalog_name varchar(255) not null,
  namespace varchar(255) not null,
  property_key varchar(255) not null,
  property_value varchar(1000),
  primary key (catalog_name, namespace, property_key)
);

-- Dashboards: frozen versions behind a link
create table dashboards (
  notebook_id text primary key references notebooks (id) on delete cascade,
  layout jsonb not null,
  updated_at timestamptz not null default now()
);

create table publications (
  id bigint generated always as identity primary key,
  notebook_id text not null references notebooks (id) on delete cascade,
  version integer not null,
  title text not null,
  layout jsonb not null,
  document jsonb not null,
  published_by text references users (id) on delete set null,
  published_at timestamptz not null default now(),
  unique (notebook_id, version)
);

create table dashboard_links (
  token text primary key,
  notebook_id text not null references notebooks (id) on delete cascade,
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
