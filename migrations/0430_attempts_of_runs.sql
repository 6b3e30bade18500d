-- A source is read before its run has tasks: what failed then is an attempt all the same, and counts when another worker
-- takes the run over.
alter table attempts drop constraint attempts_run_id_cell_fkey;
alter table attempts add constraint attempts_run_id_fkey foreign key (run_id) references runs (id) on delete cascade;
