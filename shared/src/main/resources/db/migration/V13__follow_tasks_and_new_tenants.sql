-- What an item follows goes with its task, whoever removes that.
create index work_item_tasks_task on work_item_tasks (task);
delete from work_item_tasks where task not in (select id from tasks);
alter table work_item_tasks add constraint work_item_tasks_task_fkey
  foreign key (task) references tasks (id) on delete cascade;

-- Since when a tenant is another one than the one of the same id that was deleted.
alter table tenants add column anew_at timestamptz;
