-- Sources that are read all the time, each by one runner. Where a stream is lies with the rows of its table, not here.
create table streams (
  id text primary key,
  notebook_id text not null references notebooks (id) on delete cascade,
  cell text not null,
  -- `layer.name`
  relation text not null,
  source_type text not null,
  -- The notebook as it was when the stream was started: later edits change nothing until it is started anew.
  document jsonb not null,
  state text not null check (state in ('live', 'paused', 'failed')),
  error jsonb,
  commit_ms integer not null default 1000 check (commit_ms between 250 and 3600000),
  lease_holder text,
  lease_epoch integer not null default 0,
  lease_expires_at timestamptz,
  -- What people look at: waiting for what, lag, partitions, cells that fail.
  progress jsonb not null default '{}',
  rows_in bigint not null default 0,
  rows_rejected bigint not null default 0,
  commits bigint not null default 0,
  last_commit_at timestamptz,
  started_by text references users (id) on delete set null,
  started_at timestamptz not null default now(),
  unique (notebook_id, cell)
);
create index streams_live_idx on streams (lease_expires_at) where state = 'live';

-- One a commit, of the last hour: what the charts of a stream are drawn from.
create table stream_commits (
  stream_id text not null references streams (id) on delete cascade,
  at timestamptz not null default now(),
  rows bigint not null,
  rejected bigint not null,
  lag bigint,
  took_ms integer not null
);
create index stream_commits_idx on stream_commits (stream_id, at);
