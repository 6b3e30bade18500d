-- Also that a branch waits for a review, and that an editor took it in.
alter table notifications drop constraint notifications_kind_check, drop constraint notifications_about_check;
alter table notifications
  add column by_id text references users (id) on delete set null,
  add constraint notifications_kind_check
    check (kind in ('mention', 'reply', 'schedule-paused', 'review-asked', 'branch-accepted')),
  add constraint notifications_about_check
    check ((kind in ('mention', 'reply')) = (comment_id is not null) and (comment_id is null) = (notebook_id is not null));
