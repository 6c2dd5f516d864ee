-- Who changes a comment or a time entry can say which revision is meant, as with all that is tracked.
alter table comments add column revision bigint not null default 1;
alter table time_entries add column revision bigint not null default 1;
