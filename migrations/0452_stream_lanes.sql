-- What a stream took of each partition, in the transaction of its commits.
create table stream_lanes (
  stream_id text not null references streams (id) on delete cascade,
  lane text not null,
  rows bigint not null default 0,
  rejected bigint not null default 0,
  last_commit_at timestamptz not null,
  primary key (stream_id, lane)
);

-- Rows of each partition by commit, of the last minute: what rates are told from.
create table stream_lane_commits (
  stream_id text not null references streams (id) on delete cascade,
  at timestamptz not null,
  rows jsonb not null
);
create index stream_lane_commits_idx on stream_lane_commits (stream_id, at);
