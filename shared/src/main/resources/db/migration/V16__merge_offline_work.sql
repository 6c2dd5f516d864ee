-- When each field was last set, and by which change.
alter table comments add column stamps jsonb not null default '{}';
alter table time_entries add column stamps jsonb not null default '{}';
