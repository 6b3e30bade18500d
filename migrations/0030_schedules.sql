-- Why and for what a run is: the version it is pinned to, the time it stands for, and how eager it is.
alter table runs drop constraint runs_trigger_check;
alter table runs add constraint runs_trigger_check
  check (trigger in ('cli', 'manual', 'api', 'schedule', 'webhook', 'update', 'sensor', 'backfill'));
alter table runs
  add column version integer,
  add column logical_at timestamptz,
  add column interval_start timestamptz,
  add column interval_end timestamptz,
  add column rerun_of text,
  add column priority integer not null default 0;

-- A schedule is of the published version: `cursor_at` is up to where due times are decided.
create table schedules (
  notebook_id text primary key references notebooks (id) on delete cascade,
  version integer not null,
  spec jsonb not null,
  enabled boolean not null,
  paused_because text,
  enabled_at timestamptz not null default now(),
  cursor_at timestamptz not null default now(),
  next_at timestamptz,
  owner_id text references users (id) on delete set null
);
create index schedules_next_idx on schedules (next_at) where enabled;

-- One row a due time: two schedulers cannot decide one twice.
create table schedule_slots (
  notebook_id text not null references notebooks (id) on delete cascade,
  due_at timestamptz not null,
  decision text not null check (decision in ('run', 'skipped', 'missed', 'coalesced')),
  run_id text,
  decided_at timestamptz not null default now(),
  primary key (notebook_id, due_at)
);

-- What else starts the published version.
create table triggers (
  id text primary key,
  notebook_id text not null references notebooks (id) on delete cascade,
  kind text not null check (kind in ('webhook', 'update', 'file', 'sql', 'http', 'freshness')),
  config jsonb not null default '{}',
  token_hash text unique,
  enabled boolean not null default true,
  -- What the last look found, so that one event fires once.
  state jsonb not null default '{}',
  next_look_at timestamptz not null default now(),
  problem text,
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now()
);
create index triggers_look_idx on triggers (next_look_at) where enabled and kind <> 'webhook';

create table trigger_firings (
  trigger_id text not null references triggers (id) on delete cascade,
  dedupe_token text not null,
  run_id text not null,
  fired_at timestamptz not null default now(),
  primary key (trigger_id, dedupe_token)
);

-- Backfills: a range cut into windows, each window one run.
create table backfills (
  id text primary key,
  notebook_id text not null references notebooks (id) on delete cascade,
  version integer not null,
  request jsonb not null,
  document jsonb not null,
  state text not null check (state in ('running', 'paused', 'done', 'cancelled')),
  max_parallel integer not null default 1,
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
create index backfills_running_idx on backfills (created_at) where state = 'running';

create table backfill_windows (
  backfill_id text not null references backfills (id) on delete cascade,
  notebook_id text not null,
  start_at timestamptz not null,
  end_at timestamptz not null,
  state text not null check (state in ('waiting', 'queued', 'succeeded', 'failed', 'cancelled')),
  run_id text,
  primary key (backfill_id, start_at)
);
-- One writer per interval.
create unique index backfill_windows_writer_idx on backfill_windows (notebook_id, start_at) where state = 'queued';
create index backfill_windows_run_idx on backfill_windows (run_id) where state = 'queued';
