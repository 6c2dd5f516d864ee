-- Who may come in: tenants, users, their sessions, API keys of machines, and what was revoked.
create table tenants (
  id           text primary key,
  suspended_at timestamptz,
  created_by   text not null,
  created_at   timestamptz not null
);

create table users (
  tenant        text not null references tenants (id),
  id            text not null,
  -- Argon2id in the PHC form; null is a user that cannot log in with a password.
  password_hash text,
  roles         text[] not null,
  disabled_at   timestamptz,
  created_by    text not null,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  primary key (tenant, id)
);

-- A login and all refresh tokens that came of it: a family.
create table auth_sessions (
  id           text primary key,
  tenant       text not null,
  user_id      text not null,
  -- SHA-256 of what a browser must send beside its cookie; null is a session without cookies.
  csrf_hash    text,
  address      text,
  agent        text,
  created_at   timestamptz not null,
  used_at      timestamptz not null,
  expires_at   timestamptz not null,
  ended_at     timestamptz,
  ended_reason text,
  foreign key (tenant, user_id) references users (tenant, id) on delete cascade
);
create index auth_sessions_of_user on auth_sessions (tenant, user_id, created_at desc);
create index auth_sessions_expiry on auth_sessions (expires_at);

-- Each is good once. One that comes again was stolen, from one side or the other.
create table refresh_tokens (
  hash      text primary key,
  session   text not null references auth_sessions (id) on delete cascade,
  issued_at timestamptz not null,
  used_at   timestamptz
);
create index refresh_tokens_of_session on refresh_tokens (session);

create table api_keys (
  id           text primary key,
  tenant       text not null,
  name         text not null,
  -- SHA-256 of a random secret of 256 bits: nothing that could be guessed.
  hash         text not null,
  scopes       text[] not null,
  created_by   text not null,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  last_used_at timestamptz,
  revoked_at   timestamptz
);
create index api_keys_of_tenant on api_keys (tenant, created_at desc, id desc);

-- The row lock of the head makes versions gap-free and equal to commit order, so that who has read
-- up to a version has missed nothing.
create table revocation_head (
  one     boolean primary key default true check (one),
  version bigint not null
);
insert into revocation_head (version) values (0);

-- What of a subject was issued at or before an instant is refused.
create table revocations (
  kind    text not null,
  tenant  text not null,
  subject text not null,
  at      timestamptz not null,
  -- Nothing that it could refuse is alive after it; null is never.
  until   timestamptz,
  version bigint not null unique,
  primary key (kind, tenant, subject)
);
create index revocations_expiry on revocations (until) where until is not null;

-- Every change with who made it and what came of it. No secret, and no free text of a request.
create table audit_log (
  id             bigint generated always as identity primary key,
  tenant         text not null,
  at             timestamptz not null,
  actor          text not null,
  -- What the actor had shown: token, session or key, and which.
  proof          text not null,
  action         text not null,
  target         text,
  -- OK or the reason of the refusal.
  outcome        text not null,
  fields         jsonb not null,
  address        text,
  correlation_id text not null
);
create index audit_log_of_tenant on audit_log (tenant, id desc);
