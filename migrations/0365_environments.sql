-- Named environments: what runs in one publishes is in a schema of its own, called env_ and its name.
create table environments (
  name text primary key check (name ~ '^[a-z][a-z0-9_-]{0,30}$'),
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now()
);

-- Null: production, or a branch. What runs of an environment come to says nothing about production.
alter table runs add column environment text;

-- A transaction of a branch or of an environment sets datacraft.space; whatever it does, it writes none of these.
create function refuse_from_space() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('datacraft.space', true), '') <> '' then
    raise exception 'a run in % was about to write %', current_setting('datacraft.space', true), tg_table_name;
  end if;
  return null;
end $$;

do $$
declare written text;
begin
  foreach written in array array['relations', 'intervals', 'iceberg_tables', 'iceberg_namespace_properties', 'checks',
    'lineage', 'model_versions', 'model_aliases', 'model_promotions', 'online_features'] loop
    execute format('create trigger refuse_from_space before insert or update or delete on %I
      for each statement execute function refuse_from_space()', written);
  end loop;
end $$;
