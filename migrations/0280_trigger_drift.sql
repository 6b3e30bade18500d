-- A trigger may watch what a model is asked.
alter table triggers drop constraint triggers_kind_check;
alter table triggers add constraint triggers_kind_check
  check (kind in ('webhook', 'update', 'file', 'sql', 'http', 'freshness', 'drift'));
