-- Rows of a cell that one person holds for the cells below it while somebody edits it: theirs alone, in no document.
create table pinned_inputs (
  user_id text not null references users (id) on delete cascade,
  notebook_id text not null references notebooks (id) on delete cascade,
  cell_id text not null,
  -- What the cell was called.
  name text not null,
  columns jsonb not null,
  row_count integer not null,
  extent jsonb not null,
  -- An Arrow stream.
  rows bytea not null,
  -- The last edit of the notebook before it.
  seq bigint not null,
  pinned_at timestamptz not null default now(),
  primary key (user_id, notebook_id, cell_id)
);
create index pinned_inputs_of_notebook on pinned_inputs (notebook_id);
