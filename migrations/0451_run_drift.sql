-- A run that a model's drift started says so: its history tells by what each version was trained.
alter table runs drop constraint runs_trigger_check;
alter table runs add constraint runs_trigger_check
  check (trigger in ('cli', 'manual', 'api', 'schedule', 'webhook', 'update', 'sensor', 'drift', 'backfill'));
