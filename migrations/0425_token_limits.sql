-- What one API token may ask, counted here for all server processes. Null: as much as its person may.
alter table api_tokens
  add column requests_per_second integer check (requests_per_second between 1 and 100000),
  add column predictions_per_day bigint check (predictions_per_day >= 1);

-- Up to when what was asked is paid for. A crash of the database forgets it, and at most a second's burst with it.
create unlogged table api_token_rates (
  token_id text primary key references api_tokens (id) on delete cascade,
  spent_until timestamptz not null
);

-- Rows that were scored, by day in UTC.
create table api_token_use (
  token_id text not null references api_tokens (id) on delete cascade,
  day date not null,
  predictions bigint not null,
  primary key (token_id, day)
);

-- Of so many requests those that fit: a second's worth may come at once. `wait_seconds` is when the next one would.
create function take_token_requests(token text, per_second integer, wanted integer,
  out granted integer, out wait_seconds double precision) language plpgsql as $$
declare
  paid timestamptz;
  asked timestamptz;
begin
  perform set_config('synchronous_commit', 'off', true);
  insert into api_token_rates (token_id, spent_until) values (token, clock_timestamp()) on conflict do nothing;
  select spent_until into paid from api_token_rates where token_id = token for update;
  asked := clock_timestamp();
  paid := greatest(paid, asked);
  granted := least(wanted, greatest(0, floor(per_second - extract(epoch from paid - asked) * per_second + 1e-6)))::integer;
  paid := paid + make_interval(secs => granted / per_second::double precision);
  update api_token_rates set spent_until = paid where token_id = token;
  wait_seconds := greatest(0, extract(epoch from paid - asked) - (per_second - 1) / per_second::double precision);
end $$;

-- Requests in their order, each with so many rows: whether all of its rows still fit into the day.
create function take_token_predictions(token text, per_day bigint, wanted integer[]) returns boolean[] language plpgsql as $$
declare
  today date := (now() at time zone 'utc')::date;
  used bigint;
  rows integer;
  taken boolean[] := '{}';
begin
  perform set_config('synchronous_commit', 'off', true);
  insert into api_token_use values (token, today, 0) on conflict do nothing;
  if found then
    delete from api_token_use where token_id = token and day < today - 31;
  end if;
  select predictions into used from api_token_use where token_id = token and day = today for update;
  foreach rows in array wanted loop
    taken := taken || (used + rows <= per_day);
    if used + rows <= per_day then
      used := used + rows;
    end if;
  end loop;
  update api_token_use set predictions = used where token_id = token and day = today;
  return taken;
end $$;
