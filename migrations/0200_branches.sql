-- Branches: notebooks that were forked from another one. Each keeps its tables' names in a schema of its own, called
-- like its id, so that nothing that reads the names of the main schema can meet them.
alter table notebooks add column branch_of text references notebooks (id) on delete cascade;
create index notebooks_branch_of_idx on notebooks (branch_of) where branch_of is not null;

create table branches (
  id text primary key references notebooks (id) on delete cascade,
  name text not null,
  note text not null default '',
  state text not null default 'open' check (state in ('open', 'review', 'merged', 'discarded')),
  -- The notebook as it was forked; an accepted cell becomes what was accepted.
  ancestor jsonb not null,
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  asked_at timestamptz,
  closed_at timestamptz,
  closed_by text references users (id) on delete set null
);

-- What may be read by name: here the tables themselves, in a branch's schema those of the branch before all others'.
-- A migration that adds a column to either table makes its view again.
create view readable_relations as select * from relations;
create view readable_iceberg_tables as select * from iceberg_tables;
