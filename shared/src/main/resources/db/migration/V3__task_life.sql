-- The whole life of a task: its time, its limits, its attempts, and what it waits for.
alter table tasks
  -- Not started, or not ended, by then: expired.
  add column deadline        timestamptz,
  add column retry_delay_ms  bigint,
  add column retry_max_ms    bigint,
  -- Reasons of errors that another attempt would not change.
  add column final_errors    text[] not null default '{}',
  -- Tasks of a tenant with the same key share its limits.
  add column limit_key       text,
  add column key_running     int,
  add column key_starts      int,
  add column key_per_ms      bigint,
  -- What it waits for, and what becomes of it when one of those does not succeed.
  add column after_tasks     text[] not null default '{}',
  add column after_failure   text,
  add column open_needs      int not null default 0,
  -- Others wait for it.
  add column needed          boolean not null default false,
  add column schedule        text;

create index tasks_due on tasks (due_at) where state = 'scheduled' and due_at is not null;
create index tasks_deadline on tasks (deadline)
  where deadline is not null and state in ('pending', 'scheduled', 'retrying', 'running');
create index tasks_dead on tasks (tenant, ordinal desc) where state in ('failed', 'dead');
create index tasks_of_schedule on tasks (tenant, schedule, ordinal desc) where schedule is not null;

create table task_needs (
  needs text not null references tasks (id) on delete cascade,
  task  text not null references tasks (id) on delete cascade,
  primary key (needs, task)
);
create index task_needs_of on task_needs (task);

-- Every lease of a task, also those that only went on with a run of another node.
create table task_attempts (
  task          text not null references tasks (id) on delete cascade,
  number        int not null,
  tenant        text not null,
  node          text not null,
  instance      text not null,
  run_id        text not null,
  started_at    timestamptz not null,
  ended_at      timestamptz,
  outcome       text,
  reason        text,
  message       text,
  duration_ms   bigint,
  input_tokens  bigint,
  output_tokens bigint,
  cost_usd      double precision,
  primary key (task, number)
);

-- What operators have stopped. '*' stands for every tenant, or every level.
create table queue_pauses (
  tenant    text not null,
  level     text not null,
  reason    text,
  paused_by text not null,
  paused_at timestamptz not null,
  primary key (tenant, level)
);

-- What a tenant, or with '*' the whole fleet, may use. Null is no limit.
create table queue_policies (
  tenant            text primary key,
  weight            int not null default 1,
  max_queued        int,
  max_running       int,
  max_hourly        int,
  max_daily_tokens  bigint,
  max_daily_usd     double precision,
  -- What becomes of tasks above the hourly or daily ones: refuse or queue.
  over              text not null default 'refuse',
  updated_by        text not null,
  updated_at        timestamptz not null
);

-- What has been used, by hour for created tasks and by day for tokens and cost.
create table queue_usage (
  tenant  text not null,
  span    text not null,
  since   timestamptz not null,
  created bigint not null default 0,
  tokens  bigint not null default 0,
  usd     double precision not null default 0,
  primary key (tenant, span, since)
);

create table schedules (
  id         text not null,
  tenant     text not null,
  cron       text not null,
  zone       text not null,
  missed     text not null,
  enabled    boolean not null,
  template   jsonb not null,
  next_at    timestamptz,
  last_at    timestamptz,
  last_task  text,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant, id)
);
create index schedules_due on schedules (next_at) where enabled;
