-- Each entry's hash covers the one before: what is changed, left out or put between is seen (`datacraft audit verify`).
-- A field is its length in bytes and itself, so that no two lists of fields are one text; `-` is NULL.
alter table audit_entries
  add column seq bigint,
  -- Who it was then; `user_id` may be cleared.
  add column actor text,
  add column previous bytea,
  add column hash bytea;

create table audit_head (
  one boolean primary key default true check (one),
  seq bigint not null,
  hash bytea not null
);
insert into audit_head (seq, hash) values (0, decode(repeat('00', 32), 'hex'));

create function audit_field(value text) returns text language sql immutable as
$$ select coalesce(octet_length(convert_to(value, 'UTF8'))::text || ':' || value, '-') $$;

create function audit_chain() returns trigger language plpgsql as $$
declare
  head audit_head;
begin
  update audit_head set seq = audit_head.seq + 1 returning * into head;
  new.seq := head.seq;
  new.actor := new.user_id;
  new.previous := head.hash;
  new.hash := sha256(new.previous || convert_to(
    audit_field(new.seq::text) || audit_field(extract(epoch from new.at)::text) || audit_field(new.actor)
      || audit_field(new.action) || audit_field(new.target) || audit_field(new.facts::text), 'UTF8'));
  update audit_head set hash = new.hash;
  return new;
end $$;

-- What is there already is chained in its order.
create temporary table audit_before on commit drop as select * from audit_entries order by id;
delete from audit_entries;
create trigger audit_chain before insert on audit_entries for each row execute function audit_chain();
insert into audit_entries (at, user_id, action, target, facts)
  select at, user_id, action, target, facts from audit_before order by id;

alter table audit_entries alter column seq set not null, alter column hash set not null, alter column previous set not null;
create unique index audit_entries_seq_idx on audit_entries (seq);
