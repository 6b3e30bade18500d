-- Who may do what in one notebook, beside the role in the workspace
alter table notebooks add column access text not null default 'workspace' check (access in ('workspace', 'invited'));

create table groups (
  id text primary key,
  name text not null,
  created_at timestamptz not null default now()
);
create unique index groups_name_key on groups (lower(name));

create table group_members (
  group_id text not null references groups (id) on delete cascade,
  user_id text not null references users (id) on delete cascade,
  primary key (group_id, user_id)
);
create index group_members_user_idx on group_members (user_id);

-- One row gives a person or a group a role in one notebook.
create table notebook_grants (
  notebook_id text not null references notebooks (id) on delete cascade,
  user_id text references users (id) on delete cascade,
  group_id text references groups (id) on delete cascade,
  role text not null check (role in ('viewer', 'commenter', 'runner', 'editor', 'owner')),
  granted_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  check ((user_id is null) <> (group_id is null))
);
create unique index notebook_grants_user_key on notebook_grants (notebook_id, user_id) where user_id is not null;
create unique index notebook_grants_group_key on notebook_grants (notebook_id, group_id) where group_id is not null;
create index notebook_grants_user_idx on notebook_grants (user_id);
create index notebook_grants_group_idx on notebook_grants (group_id);

-- A link that shows one notebook to whoever has it, without an account, until it is revoked.
create table notebook_links (
  id text primary key,
  notebook_id text not null references notebooks (id) on delete cascade,
  token_hash text not null unique,
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index notebook_links_notebook_idx on notebook_links (notebook_id);
