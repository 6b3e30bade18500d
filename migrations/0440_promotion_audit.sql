-- Whoever makes another version the champion is in the audit with it, by whatever way: one transaction, both or neither.
-- It is written at the commit, so that the end of the chain is not held for longer. Schemas of branches have no triggers:
-- what is promoted there answers nobody.
create function audit_model_promotion() returns trigger language plpgsql as $$
begin
  insert into audit_entries (user_id, action, target, facts)
  values (new.promoted_by, 'model-promote', new.name,
    jsonb_build_object('version', new.version, 'replaced', new.replaced)
      || case when new.promoted_by is null then
        jsonb_build_object('via', 'promotion rule',
          'run', (select run_id from model_versions v where v.name = new.name and v.version = new.version))
        else '{}' end);
  return null;
end $$;

create constraint trigger audit_model_promotion after insert on model_promotions
  deferrable initially deferred for each row when (new.replaced is not null) execute function audit_model_promotion();
