-- Schemas of messages, for topics whose registry is this installation. A text has one id, under however many subjects.
create table message_schemas (
  id integer generated always as identity primary key,
  schema_type text not null check (schema_type in ('AVRO', 'JSON')),
  schema text not null,
  -- SHA-256 of the type and the text without its spaces.
  fingerprint text not null unique
);

create table schema_versions (
  subject text not null,
  version integer not null check (version > 0),
  schema_id integer not null references message_schemas (id),
  -- Deleted softly: its number is not given again, its id still reads messages.
  deleted boolean not null default false,
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  primary key (subject, version)
);
create index schema_versions_by_schema on schema_versions (schema_id);

-- What new versions have to keep. The subject '' stands for all that say nothing themselves.
create table schema_rules (
  subject text primary key,
  compatibility text not null check (compatibility in
    ('NONE', 'BACKWARD', 'BACKWARD_TRANSITIVE', 'FORWARD', 'FORWARD_TRANSITIVE', 'FULL', 'FULL_TRANSITIVE'))
);
