-- What sources and sinks need to reach other systems. Values are encrypted with the key of the installation.
create table secrets (
  name text primary key check (name ~ '^[A-Za-z0-9_.-]{1,100}$'),
  ciphertext bytea not null,
  updated_by text references users (id) on delete set null,
  updated_at timestamptz not null default now()
);

-- Named places: what cells of one `connection:` have in common. `config` names secrets, it holds none.
create table connections (
  name text primary key check (name ~ '^[a-z][a-z0-9_]{0,62}$'),
  type text not null,
  config jsonb not null default '{}',
  description text not null default '',
  tags text[] not null default '{}',
  owner_id text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  checked_at timestamptz,
  check_error text
);
