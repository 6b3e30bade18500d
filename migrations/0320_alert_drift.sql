-- Rules that hold what a model is asked against what it learned from.
alter table alert_rules drop constraint alert_rules_kind_check;
alter table alert_rules add constraint alert_rules_kind_check
  check (kind in ('metric', 'sql', 'check', 'run', 'deadline', 'freshness', 'stream', 'deviation', 'drift'));
