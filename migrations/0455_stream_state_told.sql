-- Since when a stream is live, paused or stopped; and whoever shows its data hears at once that this is another now.
alter table streams add column state_since timestamptz not null default now();
update streams set state_since = coalesce(last_commit_at, started_at);

create function note_stream_state() returns trigger language plpgsql as $$
begin
  new.state_since := clock_timestamp();
  return new;
end $$;

create trigger note_stream_state before update on streams
  for each row when (old.state is distinct from new.state) execute function note_stream_state();

create function tell_stream_state() returns trigger language plpgsql as $$
begin
  perform pg_notify('datacraft', json_build_object('p', 'database', 't', 'streams', 'id', gen_random_uuid(), 'n', 0, 'of', 1,
    'd', json_build_object('notebookId', new.notebook_id)::text)::text);
  return null;
end $$;

create trigger tell_new_stream after insert on streams
  for each row execute function tell_stream_state();

-- Not each commit: only what a person would call another state.
create trigger tell_stream_state after update on streams
  for each row when (old.state is distinct from new.state
    or (old.progress ? 'waiting') is distinct from (new.progress ? 'waiting')
    or (old.progress -> 'failedCells') is distinct from (new.progress -> 'failedCells'))
  execute function tell_stream_state();
