-- When a notebook's bin was last looked into: one that has not changed for longer than cells stay there needs no look.
alter table notebooks add column bin_swept_at timestamptz;
