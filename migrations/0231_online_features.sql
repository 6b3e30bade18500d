-- The latest features of each entity of a feature table. Written only inside the publish transaction of that table.
create table online_features (
  relation text not null,
  -- The values of the entity's columns, as a JSON list of texts.
  entity text not null,
  at timestamptz not null,
  features jsonb not null,
  run_id text not null,
  primary key (relation, entity)
);
