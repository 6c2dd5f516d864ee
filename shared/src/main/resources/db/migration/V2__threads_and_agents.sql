-- The messages of one conversation, newest first.
create index tasks_of_session on tasks (tenant, session, ordinal desc) where session is not null;
-- What runs for a tenant right now.
create index tasks_running on tasks (tenant) where state = 'running';
