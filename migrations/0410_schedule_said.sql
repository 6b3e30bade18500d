-- Why a schedule paused itself, and how its owner was told, for readers of another language.
alter table schedules add column paused_said jsonb;
alter table notifications add column said jsonb;
