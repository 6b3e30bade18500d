-- Rules that hold a number against the forecast of what it was before, and what they saw of metrics, which keep no past.
alter table alert_rules drop constraint alert_rules_kind_check;
alter table alert_rules add constraint alert_rules_kind_check
  check (kind in ('metric', 'sql', 'check', 'run', 'deadline', 'freshness', 'stream', 'deviation'));
create table alert_samples (
  id bigint generated always as identity primary key,
  rule_id text not null references alert_rules (id) on delete cascade,
  key text not null,
  at timestamptz not null,
  value double precision not null
);
create index alert_samples_series_idx on alert_samples (rule_id, key, id desc);
