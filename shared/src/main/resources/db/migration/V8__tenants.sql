-- What a tenant is called and may have, and what becomes of it.
alter table tenants
  add column name             text,
  add column suspended_reason text,
  add column suspended_by     text,
  -- Everything that it owns is being deleted; the row itself goes last.
  add column deleting_at      timestamptz,
  -- Null is no limit.
  add column max_users        int,
  add column max_api_keys     int,
  add column max_instances    int,
  add column rate_class       text not null default 'standard',
  add column revision         bigint not null default 1;
create index tenants_deleting on tenants (deleting_at) where deleting_at is not null;

-- Tokens have always made tenants by naming them.
insert into tenants (id, created_by, created_at)
  select tenant, 'fleet', now() from tenant_log
  on conflict (id) do nothing;
