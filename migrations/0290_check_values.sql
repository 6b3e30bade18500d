-- What a rule measured, and of how many rows: bands around the last results are drawn from it.
alter table checks add column value double precision;
alter table checks add column total bigint;
