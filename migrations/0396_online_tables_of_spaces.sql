-- A transaction of a branch or of an environment writes none of main's states of online features either (0365).
create trigger refuse_from_space before insert or update or delete on online_tables
  for each statement execute function refuse_from_space();
