-- Where a secret may be sent: names of hosts, `*.` before one for all below it. Null: stored before hosts were asked for.
alter table secrets add column hosts text[];
