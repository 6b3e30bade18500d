-- Why a version that was rolled out could not be opened or asked, when that happened last.
alter table model_rollouts add column failure text, add column failed_at timestamptz;

-- Rollouts that have ended, with what they came to. Their last counts may come after their end.
create table model_rollout_history (like model_rollouts including defaults);
alter table model_rollout_history
  add column ended_at timestamptz not null default now(),
  add column outcome text not null check (outcome in ('promoted', 'ended')),
  add primary key (id);
create index model_rollout_history_name on model_rollout_history (name, id desc);

create function keep_model_rollout() returns trigger language plpgsql as $$
begin
  insert into model_rollout_history (name, id, version, mode, percent, started_by, started_at, asked, answered, compared, agreed,
    difference, decided, decided_otherwise, errors, dropped, failure, failed_at, outcome)
  values (old.name, old.id, old.version, old.mode, old.percent, old.started_by, old.started_at, old.asked, old.answered,
    old.compared, old.agreed, old.difference, old.decided, old.decided_otherwise, old.errors, old.dropped, old.failure, old.failed_at,
    case when old.version = (select version from model_aliases a where a.name = old.name and a.alias = 'champion')
      then 'promoted' else 'ended' end);
  return null;
end $$;

create trigger keep_model_rollout after delete on model_rollouts
  for each row execute function keep_model_rollout();
