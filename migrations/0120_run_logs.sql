-- What a run says while it works, in order. Only the holder of the run's lease writes, and only while it runs.
create table run_logs (
  id bigint generated always as identity primary key,
  run_id text not null references runs (id) on delete cascade,
  at timestamptz not null,
  level text not null check (level in ('info', 'warn', 'error')),
  cell text,
  message text not null
);
create index run_logs_run_idx on run_logs (run_id, id);
