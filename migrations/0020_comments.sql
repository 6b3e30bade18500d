-- Threads beside the document, so that whoever may comment need not be able to write it.
create table comment_threads (
  id text primary key,
  notebook_id text not null references notebooks (id) on delete cascade,
  place text not null check (place in ('text', 'cell', 'tile')),
  cell_id text not null,
  -- Two encoded relative positions; for text only.
  anchor_start text,
  anchor_end text,
  -- What the thread was about, kept for the day its text or cell is gone.
  quote text not null default '',
  cell_label text not null default '',
  created_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  resolved_by text references users (id) on delete set null,
  resolved_at timestamptz,
  check ((place = 'text') = (anchor_start is not null and anchor_end is not null))
);
create index comment_threads_notebook_idx on comment_threads (notebook_id, created_at);

create table comments (
  id text primary key,
  thread_id text not null references comment_threads (id) on delete cascade,
  author_id text references users (id) on delete set null,
  body text not null,
  mentions text[] not null default '{}',
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  deleted_at timestamptz
);
create index comments_thread_idx on comments (thread_id, created_at);

-- Up to when a person has read a thread.
create table comment_reads (
  thread_id text not null references comment_threads (id) on delete cascade,
  user_id text not null references users (id) on delete cascade,
  read_at timestamptz not null,
  primary key (thread_id, user_id)
);

create table notifications (
  id bigint generated always as identity primary key,
  user_id text not null references users (id) on delete cascade,
  kind text not null check (kind in ('mention', 'reply')),
  comment_id text not null references comments (id) on delete cascade,
  created_at timestamptz not null default now(),
  read_at timestamptz,
  unique (user_id, comment_id)
);
create index notifications_user_idx on notifications (user_id, id desc);
