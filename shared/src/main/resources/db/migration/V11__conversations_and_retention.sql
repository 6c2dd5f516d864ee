-- Conversations by name, and how long things are kept.
create table threads (
  tenant       text not null,
  id           text not null,
  title        text not null,
  tasks        bigint not null,
  -- Of its newest task: who was talked with last comes first.
  last_ordinal bigint not null,
  begun_at     timestamptz not null,
  touched_at   timestamptz not null,
  primary key (tenant, id)
);
create index threads_newest on threads (tenant, last_ordinal desc);
create index threads_touched on threads (tenant, touched_at);
insert into threads (tenant, id, title, tasks, last_ordinal, begun_at, touched_at)
  select tenant, session, left((array_agg(prompt order by ordinal))[1], 120), count(*),
    max(ordinal), min(created_at), max(created_at)
  from tasks where session is not null group by tenant, session;

-- What was said and answered, for the search. A text is cut where a tsvector would be too long.
create function spoken(prompt text, result jsonb) returns text
  language sql immutable parallel safe
  return left(prompt, 60000) || E'\n' || left(coalesce(result ->> 'text', ''), 60000);
-- Only what has ended: a row is indexed once, and not with every step of its life.
create index tasks_spoken on tasks using gin (to_tsvector('simple', spoken(prompt, result)))
  where session is not null and finished_at is not null;

-- How many days a tenant's things are kept, where that is not what the fleet does; 0 is for ever.
create table retention_policies (
  tenant text not null,
  kind   text not null,
  days   int not null,
  set_by text not null,
  set_at timestamptz not null,
  primary key (tenant, kind)
);
