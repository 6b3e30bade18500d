-- An interval that was made before its end: its rows are in the table, and it is owed again until a run makes it complete.
alter table intervals add column is_partial boolean not null default false;
