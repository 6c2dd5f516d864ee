-- What a change of a user was meant for. A node of an older version changes users without raising it.
alter table users add column revision bigint not null default 1;
