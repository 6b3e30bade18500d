-- Since when no cell of its owner makes a relation: it stays readable, and its name is free to be taken.
alter table relations add column retired_at timestamptz;
