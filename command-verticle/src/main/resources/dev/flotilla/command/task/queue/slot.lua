-- Uses a slot of an instance for a leased task. ARGV: id, node, instance, max; max 0 means that the
-- task's run is there already. Answers 1, or 0 where all are in use, or -1 where the lease is lost.
local task = load(ARGV[1])
if not held(task, ARGV[2]) then return -1 end
local key, max = P .. 'slots:' .. ARGV[3], tonumber(ARGV[4])
if max > 0 and not redis.call('ZSCORE', key, task.id) and redis.call('ZCARD', key) >= max then
  return 0
end
use_slot(task, ARGV[3])
return 1
