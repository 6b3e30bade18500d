-- What a sensor could not see, for readers of another language, and that its owner is told when it stopped.
alter table triggers add column problem_said jsonb;
alter table notifications drop constraint notifications_kind_check;
alter table notifications
  add constraint notifications_kind_check
    check (kind in ('mention', 'reply', 'schedule-paused', 'review-asked', 'branch-accepted', 'sensor-stopped'));
