-- What a live stream sends on: the state of each target of the cells that it makes, up to the last commit that was sent.
create table stream_exports (
  stream_id text not null references streams (id) on delete cascade,
  cell text not null,
  target text not null,
  layer text not null,
  name text not null,
  state text not null check (state in ('pending', 'delivered', 'failed')),
  -- The last snapshot that the target is known to hold.
  snapshot_id text,
  rows bigint not null default 0,
  error text,
  -- Sendings in a row that failed.
  failures integer not null default 0,
  updated_at timestamptz not null default now(),
  primary key (stream_id, cell, target)
);
