-- Idempotency of commands that change state (requirements R0-029..041, C26).
create type idempotency_status as enum ('in_progress', 'completed', 'failed');

create table idempotency_keys (
  id           uuid primary key,
  -- sha256(tenant, actor, client_key): unique for everybody, guessable by nobody else.
  key          varchar(128) not null unique,
  actor_id     uuid,
  method       varchar(128) not null,
  request_hash varchar(128) not null,
  status       idempotency_status not null,
  response     jsonb,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  tenant       text not null,
  client_key   text not null
);
create index idempotency_keys_key on idempotency_keys (key);
create index idempotency_keys_actor on idempotency_keys (actor_id, method, created_at desc);
create index idempotency_keys_expiry on idempotency_keys (expires_at);

-- The head of each tenant's log. Its row lock is what makes seq gap-free and equal to commit order.
create table tenant_log (
  tenant text primary key,
  epoch  text not null default replace(gen_random_uuid()::text, '-', ''),
  seq    bigint not null,
  floor  bigint not null default 0
);

create table activity (
  tenant         text not null,
  seq            bigint not null,
  kind           text not null,
  topics         text[] not null,
  at             timestamptz not null,
  actor          text,
  correlation_id text,
  payload        jsonb not null,
  primary key (tenant, seq)
);

create table tasks (
  id               text primary key,
  tenant           text not null,
  -- Order of creation in the whole fleet: FIFO inside a tenant and level, also after a rebuild.
  ordinal          bigint generated always as identity,
  state            text not null,
  priority         text not null,
  prompt           text not null,
  session          text,
  capabilities     text[] not null default '{}',
  labels           text[] not null default '{}',
  timeout_ms       bigint not null,
  max_attempts     int not null,
  -- Attempts that count against max_attempts; a lease that was lost does not.
  failures         int not null default 0,
  -- Fencing number: rises with every lease. A result of an older one is refused.
  attempt          int not null default 0,
  lease_node       text,
  lease_until      timestamptz,
  due_at           timestamptz,
  -- The run on the instance. It outlives the lease, so that the next holder goes on with it.
  run_id           text,
  run_instance     text,
  run_session      text,
  wait_reason      text,
  cancel_requested boolean not null default false,
  result           jsonb,
  error            jsonb,
  created_by       text not null,
  correlation_id   text,
  created_at       timestamptz not null,
  started_at       timestamptz,
  finished_at      timestamptz,
  updated_at       timestamptz not null
);
create index tasks_of_tenant on tasks (tenant, ordinal desc);
create index tasks_open on tasks (ordinal) where state in ('pending', 'scheduled', 'retrying', 'running');
-- Tasks of one conversation run one after another: two runs at once would steer each other.
create unique index tasks_one_per_session on tasks (tenant, session)
  where state = 'running' and session is not null;

-- What operators want: the desired side of every instance. How it is, is observed by its link.
create table instances (
  id              text primary key,
  tenant          text not null,
  shared          boolean not null default false,
  url             text not null,
  token           text not null,
  region          text,
  zone            text,
  capabilities    text[] not null default '{}',
  max_concurrency int not null,
  created_by      text not null,
  created_at      timestamptz not null
);
create index instances_of_tenant on instances (tenant, id);
