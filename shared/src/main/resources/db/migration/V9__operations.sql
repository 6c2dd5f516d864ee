-- What was changed, from what to what, where the change is one of settings. No secret, no message.
alter table audit_log add column changes jsonb;

-- Rises with every change of what is wanted, so that two who change the same schedule notice.
alter table schedules add column revision bigint not null default 1;

-- The W3C traceparent of the request that created it, so that its runs belong to the same trace.
alter table tasks add column trace text;
