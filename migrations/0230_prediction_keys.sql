-- The name by which an answer can be found and computed again; predictions from before have none.
alter table model_predictions add column key text;
create unique index model_predictions_key_idx on model_predictions (key);
create index model_predictions_asked_idx on model_predictions (asked_at);
