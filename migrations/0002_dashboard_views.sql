-- How often a link was opened; counted in memory and added up shortly after.
alter table dashboard_links add column views bigint not null default 0;
