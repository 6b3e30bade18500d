-- A version beside the champion, one of each model at a time: in the shadow it scores what is asked and is not heard; as a
-- canary it answers a part. What it came to is counted in the row.
create table model_rollouts (
  name text primary key,
  id bigint generated always as identity unique,
  version integer not null,
  mode text not null check (mode in ('shadow', 'canary')),
  percent integer not null check (percent between 1 and 100),
  started_by text references users (id) on delete set null,
  started_at timestamptz not null default now(),
  asked bigint not null default 0,
  answered bigint not null default 0,
  compared bigint not null default 0,
  agreed bigint not null default 0,
  -- Summed over what was compared, where both answers are numbers.
  difference double precision not null default 0,
  decided bigint not null default 0,
  decided_otherwise bigint not null default 0,
  errors bigint not null default 0,
  dropped bigint not null default 0,
  foreign key (name, version) references model_versions (name, version) on delete cascade
);

-- What the other version said of the same row: { version, answer }. Null where none was asked.
alter table model_predictions add column beside jsonb;

-- Whoever makes a version the champion ends the rollout, by whatever way. Schemas of branches have no triggers: what is
-- promoted there ends nothing here.
create function end_model_rollout() returns trigger language plpgsql as $$
begin
  delete from model_rollouts where name = new.name;
  return null;
end $$;

create trigger end_model_rollout after update of version on model_aliases
  for each row when (new.alias = 'champion' and old.version is distinct from new.version)
  execute function end_model_rollout();

-- Servers open the version before it is asked.
create trigger tell_model_rollout after insert or update of version on model_rollouts
  for each row execute function tell_model_alias();
