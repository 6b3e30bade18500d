-- Dead letters that somebody asked to be read again. The runner of the stream does it, as a commit of its own: that the
-- rows landed and that this is done is one transaction.
create table stream_replays (
  id text primary key,
  stream_id text not null references streams (id) on delete cascade,
  -- Null: all that there are.
  letters text[],
  state text not null default 'asked' check (state in ('asked', 'done', 'failed')),
  landed bigint not null default 0,
  -- Broke again, and stay where they are.
  kept bigint not null default 0,
  error jsonb,
  asked_by text references users (id) on delete set null,
  asked_at timestamptz not null default now(),
  finished_at timestamptz
);
create index stream_replays_idx on stream_replays (stream_id, asked_at desc);
create unique index stream_replays_asked_idx on stream_replays (stream_id) where state = 'asked';

-- Since when bad rows are counted against `max_bad_ratio`: a stream that was resumed is judged by what comes then.
alter table streams add column judged_from timestamptz not null default now();
