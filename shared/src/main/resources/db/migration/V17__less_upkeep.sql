-- To sort samples of what these columns hold was most of what autovacuum did on a busy fleet, and no
-- plan depends on it.
alter table activity alter payload set statistics 0;
alter table audit_log alter fields set statistics 0, alter changes set statistics 0;
alter table idempotency_keys alter response set statistics 0;
alter table tasks alter error set statistics 0, alter result set statistics 0;
alter table work_items alter stamps set statistics 0;
alter table comments alter stamps set statistics 0;
alter table time_entries alter stamps set statistics 0;

-- Each command adds a row to each of these, and they are read by their keys. A tenth of the sample
-- (3,000 rows) tells what a plan needs to know; the rest cost a second of processor a minute.
alter table activity
  alter tenant set statistics 10,
  alter seq set statistics 10,
  alter kind set statistics 10,
  alter topics set statistics 10,
  alter at set statistics 10,
  alter actor set statistics 10,
  alter correlation_id set statistics 10;
alter table audit_log
  alter id set statistics 10,
  alter tenant set statistics 10,
  alter at set statistics 10,
  alter actor set statistics 10,
  alter proof set statistics 10,
  alter action set statistics 10,
  alter target set statistics 10,
  alter outcome set statistics 10,
  alter address set statistics 10,
  alter correlation_id set statistics 10;
alter table idempotency_keys
  alter id set statistics 10,
  alter key set statistics 10,
  alter actor_id set statistics 10,
  alter method set statistics 10,
  alter request_hash set statistics 10,
  alter status set statistics 10,
  alter created_at set statistics 10,
  alter expires_at set statistics 10,
  alter tenant set statistics 10,
  alter client_key set statistics 10;

-- The unique constraint on the key has the same index. Last, because nobody writes a key meanwhile.
drop index idempotency_keys_key;
