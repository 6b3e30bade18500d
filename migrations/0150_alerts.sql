create index runs_finished_idx on runs (finished_at) where finished_at is not null;
create index tasks_relation_idx on tasks (relation, finished_at desc);

-- Where messages go. What is secret of a channel (addresses with tokens, passwords, keys) is encrypted in `sealed`.
create table alert_channels (
  id text primary key,
  name text not null unique,
  kind text not null check (kind in ('email', 'webhook', 'slack', 'alertmanager')),
  config jsonb not null,
  sealed bytea not null,
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  last_sent_at timestamptz,
  last_error text
);

create table alert_rules (
  id text primary key,
  name text not null,
  kind text not null check (kind in ('metric', 'sql', 'check', 'run', 'deadline', 'freshness')),
  config jsonb not null,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  for_seconds integer not null default 0,
  every_seconds integer not null default 5,
  channels text[] not null default '{}',
  escalate_after_seconds integer,
  escalate_channels text[] not null default '{}',
  enabled boolean not null default true,
  notebook_id text references notebooks (id) on delete cascade,
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  next_look_at timestamptz not null default now(),
  looked_at timestamptz,
  problem text,
  deleted_at timestamptz
);
create index alert_rules_look_idx on alert_rules (next_look_at) where enabled;

-- What alerts of one root cause have in common; messages are about this.
create table alert_incidents (
  id text primary key,
  cause text not null,
  title text not null,
  severity text not null,
  link text,
  opened_at timestamptz not null,
  closed_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text references users (id) on delete set null
);
create unique index alert_incidents_open_idx on alert_incidents (cause) where closed_at is null;
create index alert_incidents_opened_idx on alert_incidents (opened_at desc);

create table alerts (
  id text primary key,
  rule_id text not null references alert_rules (id) on delete cascade,
  key text not null,
  cause text not null,
  state text not null check (state in ('pending', 'firing', 'resolved')),
  summary text not null,
  facts jsonb not null default '{}',
  incident_id text references alert_incidents (id) on delete cascade,
  started_at timestamptz not null,
  firing_at timestamptz,
  resolved_at timestamptz
);
create unique index alerts_live_idx on alerts (rule_id, key) where state <> 'resolved';
create index alerts_incident_idx on alerts (incident_id);

-- The outbox: written in the transaction that changes an alert, sent afterwards, each until the other side took it.
create table alert_deliveries (
  id text primary key,
  incident_id text references alert_incidents (id) on delete cascade,
  channel_id text not null references alert_channels (id) on delete cascade,
  kind text not null check (kind in ('firing', 'escalated', 'resolved')),
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
  attempts integer not null default 0,
  created_at timestamptz not null default now(),
  next_try_at timestamptz not null default now(),
  sent_at timestamptz,
  error text,
  unique (incident_id, channel_id, kind)
);
create index alert_deliveries_waiting_idx on alert_deliveries (next_try_at) where state = 'waiting';

create table alert_silences (
  id text primary key,
  rule_id text references alert_rules (id) on delete cascade,
  notebook_id text references notebooks (id) on delete cascade,
  table_name text,
  reason text not null,
  starts_at timestamptz not null default now(),
  ends_at timestamptz not null,
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  check (starts_at < ends_at)
);
