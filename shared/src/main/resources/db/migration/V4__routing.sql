-- What operators want of an instance, apart from how it is.
alter table instances
  add column labels      text[] not null default '{}',
  -- Its share of the work, in percent of what its slots would give it.
  add column weight      int not null default 100,
  add column wish        text not null default 'serve',
  add column wish_reason text,
  add column wished_by   text,
  add column wished_at   timestamptz,
  -- Runs that still go on then are stopped and go back to the queue.
  add column drain_by    timestamptz,
  add column drained_at  timestamptz;

-- Where each conversation is: its history lies on that instance.
create table session_homes (
  tenant   text not null,
  session  text not null,
  instance text not null,
  since    timestamptz not null,
  moves    int not null default 0,
  primary key (tenant, session)
);
create index session_homes_of on session_homes (instance);
insert into session_homes (tenant, session, instance, since)
  select distinct on (tenant, session) tenant, session, run_instance, coalesce(started_at, created_at)
  from tasks where session is not null and run_instance is not null
  order by tenant, session, ordinal desc;

-- Where the tasks of a tenant may run, and where they should.
create table routing_policies (
  tenant        text primary key,
  region        text,
  zone          text,
  other_regions boolean not null default true,
  shared_pool   boolean not null default true,
  set_by        text not null,
  set_at        timestamptz not null
);

-- Whom the fleet calls when something is wrong.
create table webhooks (
  id         text primary key,
  tenant     text not null,
  url        text not null,
  secret     text not null,
  created_by text not null,
  created_at timestamptz not null
);
create index webhooks_of_tenant on webhooks (tenant, id);
create table webhook_calls (
  id         text primary key,
  webhook    text not null references webhooks (id) on delete cascade,
  body       text not null,
  tries      int not null default 0,
  due_at     timestamptz not null,
  sent_at    timestamptz,
  given_up   boolean not null default false,
  last_error text,
  created_at timestamptz not null
);
create index webhook_calls_due on webhook_calls (due_at) where sent_at is null and not given_up;

-- Conditions that were told of and have not ended: told once, whoever watches.
create table open_alerts (
  tenant    text not null,
  subject   text not null,
  alert     text not null,
  since     timestamptz not null,
  primary key (tenant, subject)
);
