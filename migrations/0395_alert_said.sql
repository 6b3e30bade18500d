-- How alerts and incidents were said, for readers of another language; null: their text is a whole sentence, or is not ours.
alter table alerts add column said jsonb;
alter table alert_incidents add column said jsonb;
alter table alert_rules add column problem_said jsonb;
