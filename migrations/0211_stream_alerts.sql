-- Rules that look at live streams.
alter table alert_rules drop constraint alert_rules_kind_check;
alter table alert_rules add constraint alert_rules_kind_check
  check (kind in ('metric', 'sql', 'check', 'run', 'deadline', 'freshness', 'stream'));
