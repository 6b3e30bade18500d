-- Also what no comment says: that a schedule has paused itself.
alter table notifications drop constraint notifications_kind_check;
alter table notifications
  alter column comment_id drop not null,
  add column notebook_id text references notebooks (id) on delete cascade,
  add column body text,
  add constraint notifications_kind_check check (kind in ('mention', 'reply', 'schedule-paused')),
  add constraint notifications_about_check
    check ((kind = 'schedule-paused') = (comment_id is null) and (comment_id is null) = (notebook_id is not null));
