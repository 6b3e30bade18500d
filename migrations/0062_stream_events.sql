-- What was pushed to webhook sources, until a run has read it and after: a full refresh begins at the first again.
create table stream_events (
  seq bigint generated always as identity primary key,
  -- `layer.name` of the source cell's table.
  relation text not null,
  -- The cell's idempotency key of the event.
  key text,
  -- JSON as it came, so that every digit is kept.
  body text not null,
  received_by text references users (id) on delete set null,
  received_at timestamptz not null default now()
);
create unique index stream_events_key_idx on stream_events (relation, key) where key is not null;
create index stream_events_read_idx on stream_events (relation, seq);
