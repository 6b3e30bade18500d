-- Says which version a name of a model means from now on, so that servers open it before they are asked.
create function tell_model_alias() returns trigger language plpgsql as $$
begin
  perform pg_notify('datacraft', json_build_object('p', 'database', 't', 'model', 'id', gen_random_uuid(), 'n', 0, 'of', 1,
    'd', json_build_object('name', new.name, 'version', new.version)::text)::text);
  return null;
end $$;

create trigger tell_model_alias after insert or update on model_aliases
  for each row execute function tell_model_alias();
