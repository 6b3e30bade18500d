-- Files of the lake that no table names any more, and since when: they are removed only after readers have had their time.
create table unreferenced_files (
  url text primary key,
  since timestamptz not null
);
