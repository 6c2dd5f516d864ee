-- What a change of a user was meant for. A node of an older version changes users without raising it.
alter table users add column revision bigint not null default 1;

-- The session at an OpenID provider that a login began with: it ends with that one.
alter table auth_sessions add column provider text;
alter table auth_sessions add column provider_subject text;
alter table auth_sessions add column provider_session text;
create index auth_sessions_of_provider on auth_sessions (provider, provider_subject)
  where provider is not null and ended_at is null;

-- What providers have sent of logouts: each counts once.
create table provider_logouts (
  token text primary key,
  until timestamptz not null
);
