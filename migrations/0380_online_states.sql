-- The state of each feature table that is online. It moves in the publish transaction, with the rows.
create table online_tables (
  relation text primary key,
  -- The name of its copy in Redis.
  place uuid not null default gen_random_uuid(),
  -- Which publish it is of, and a mark that no other publish has, not even one after a backup was put back.
  seq bigint not null,
  mark uuid not null default gen_random_uuid(),
  -- The mark of the state that this one only added to; null when it replaced all.
  before uuid
);

-- The publish that wrote the row last.
alter table online_features add column seq bigint not null default 0;
create index online_features_seq on online_features (relation, seq);

insert into online_tables (relation, seq) select distinct relation, 1 from online_features;

create function tell_online_table() returns trigger language plpgsql as $$
begin
  perform pg_notify('datacraft', json_build_object('p', 'database', 't', 'online', 'id', new.mark, 'n', 0, 'of', 1,
    'd', json_build_object('relation', new.relation)::text)::text);
  return null;
end $$;

create trigger tell_online_table after insert or update on online_tables
  for each row execute function tell_online_table();
