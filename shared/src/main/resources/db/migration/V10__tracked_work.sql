-- Tracked work. The tenant is in every key: an id says nothing without it. Deleted things are hidden
-- and can be shown again.
create table projects (
  tenant        text not null,
  id            text not null,
  ordinal       bigint generated always as identity,
  name          text not null,
  description   text,
  statuses      text[] not null,
  done_statuses text[] not null,
  created_at    timestamptz not null,
  created_by    text not null,
  updated_at    timestamptz not null,
  updated_by    text not null,
  revision      bigint not null,
  deleted_at    timestamptz,
  deleted_by    text,
  primary key (tenant, id)
);
create index projects_of_tenant on projects (tenant, ordinal desc);

create table sprints (
  tenant     text not null,
  id         text not null,
  ordinal    bigint generated always as identity,
  project_id text not null,
  name       text not null,
  goal       text,
  status     text not null,
  start_date timestamptz,
  end_date   timestamptz,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null,
  revision   bigint not null,
  deleted_at timestamptz,
  deleted_by text,
  primary key (tenant, id),
  foreign key (tenant, project_id) references projects (tenant, id)
);
create index sprints_of_project on sprints (tenant, project_id, ordinal desc);

create table work_items (
  tenant       text not null,
  id           text not null,
  ordinal      bigint generated always as identity,
  project_id   text not null,
  sprint_id    text,
  parent_id    text,
  item_type    text not null,
  title        text not null,
  description  text,
  status       text not null,
  priority     text not null,
  assignee_id  text,
  story_points double precision,
  labels       text[] not null,
  -- Between those of its neighbours, so that a move rewrites no other row.
  rank         text collate "C" not null,
  created_at   timestamptz not null,
  created_by   text not null,
  updated_at   timestamptz not null,
  updated_by   text not null,
  revision     bigint not null,
  -- When each field was last set, and by which change: what a client has changed while it was away
  -- wins or loses field by field.
  stamps       jsonb not null default '{}',
  deleted_at   timestamptz,
  deleted_by   text,
  primary key (tenant, id),
  foreign key (tenant, project_id) references projects (tenant, id),
  foreign key (tenant, sprint_id) references sprints (tenant, id),
  foreign key (tenant, parent_id) references work_items (tenant, id) on delete cascade
);
create unique index work_items_order on work_items (tenant, project_id, coalesce(parent_id, ''), rank);
create index work_items_of_project on work_items (tenant, project_id, ordinal desc);
create index work_items_of_sprint on work_items (tenant, sprint_id) where sprint_id is not null;
create index work_items_of_parent on work_items (tenant, parent_id) where parent_id is not null;

create table comments (
  tenant       text not null,
  id           text not null,
  ordinal      bigint generated always as identity,
  work_item_id text not null,
  content      text not null,
  created_at   timestamptz not null,
  created_by   text not null,
  updated_at   timestamptz,
  deleted_at   timestamptz,
  deleted_by   text,
  primary key (tenant, id),
  foreign key (tenant, work_item_id) references work_items (tenant, id)
);
create index comments_of_item on comments (tenant, work_item_id, ordinal desc);

create table time_entries (
  tenant           text not null,
  id               text not null,
  ordinal          bigint generated always as identity,
  work_item_id     text not null,
  user_id          text not null,
  started_at       timestamptz not null,
  ended_at         timestamptz,
  duration_seconds bigint,
  description      text,
  created_at       timestamptz not null,
  deleted_at       timestamptz,
  deleted_by       text,
  primary key (tenant, id),
  foreign key (tenant, work_item_id) references work_items (tenant, id)
);
create index time_entries_of_item on time_entries (tenant, work_item_id, ordinal desc);
create index time_entries_of_user on time_entries (tenant, user_id, ordinal desc);
-- A user does one thing at a time.
create unique index time_entries_running on time_entries (tenant, user_id)
  where ended_at is null and deleted_at is null;

create table dependencies (
  tenant           text not null,
  id               text not null,
  ordinal          bigint generated always as identity,
  blocking_item_id text not null,
  blocked_item_id  text not null,
  dependency_type  text not null,
  created_at       timestamptz not null,
  created_by       text not null,
  deleted_at       timestamptz,
  deleted_by       text,
  primary key (tenant, id),
  foreign key (tenant, blocking_item_id) references work_items (tenant, id),
  foreign key (tenant, blocked_item_id) references work_items (tenant, id)
);
create unique index dependencies_once
  on dependencies (tenant, blocking_item_id, blocked_item_id, dependency_type) where deleted_at is null;
create index dependencies_of_blocked on dependencies (tenant, blocked_item_id) where deleted_at is null;

-- Items that an agent works on. `told` is the step of the task that the item knows of.
create table work_item_tasks (
  tenant       text not null,
  task         text not null,
  item_id      text not null,
  agent        text not null,
  start_status text,
  done_status  text,
  fail_status  text,
  told         text not null,
  over         boolean not null default false,
  primary key (tenant, task),
  foreign key (tenant, item_id) references work_items (tenant, id)
);
create index work_item_tasks_open on work_item_tasks (task) where not over;

-- The log is asked for what came since a time, too.
create index activity_by_time on activity (tenant, at, seq);
