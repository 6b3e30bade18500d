-- Trained models: each version as it was published, with what it was made of. Written only inside the publish transaction.
create table model_versions (
  name text not null,
  version integer not null,
  layer text not null,
  owner_key text not null,
  notebook_id text references notebooks (id) on delete set null,
  run_id text,
  fingerprint text not null,
  spec jsonb not null,
  params jsonb not null,
  seed bigint not null,
  report jsonb not null,
  -- Snapshots of the tables it learned from, by layer.name.
  snapshots jsonb not null,
  bytes bytea not null,
  sha256 text not null,
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  primary key (name, version)
);

-- champion answers; challenger waits.
create table model_aliases (
  name text not null,
  alias text not null check (alias in ('champion', 'challenger')),
  version integer not null,
  set_by text references users (id) on delete set null,
  set_at timestamptz not null default now(),
  primary key (name, alias),
  foreign key (name, version) references model_versions (name, version) on delete cascade
);

-- Who made which version the champion, and which one it was before.
create table model_promotions (
  id bigint generated always as identity primary key,
  name text not null,
  version integer not null,
  replaced integer,
  promoted_by text references users (id) on delete set null,
  promoted_at timestamptz not null default now()
);
create index model_promotions_name_idx on model_promotions (name, promoted_at desc);

-- What was asked and answered, so that it can be computed again. The oldest go.
create table model_predictions (
  id bigint generated always as identity primary key,
  name text not null,
  version integer not null,
  input jsonb not null,
  answer jsonb not null,
  asked_by text references users (id) on delete set null,
  asked_at timestamptz not null default now()
);
create index model_predictions_name_idx on model_predictions (name, id desc);
