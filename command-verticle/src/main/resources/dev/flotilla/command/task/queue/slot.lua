-- Uses a slot of an instance for a leased task. ARGV: id, node, instance, max; max 0 means that the
-- task's run is there already. Answers 1, or 0 where all are in use, or -1 where the lease is lost,
-- or -2 where somebody else comes first.
local task = load(ARGV[1])
if not held(task, ARGV[2]) then return -1 end
local key, max = P .. 'slots:' .. ARGV[3], tonumber(ARGV[4])

-- No task starts while one of a higher level looks for a place or could be taken, or while an earlier
-- one of its own line does. Nobody looks for long: either it finds a place, or its line is parked.
local function others_first()
  for level = 0, tonumber(task.level) - 1 do
    if redis.call('ZCOUNT', P .. 'placing:' .. level, now, '+inf') > 0 then return true end
    if redis.call('EXISTS', P .. 'tenants:' .. level) == 1 and not fleet_paused(level) then
      return true
    end
  end
  local before = '(' .. task.ordinal
  local line = line_of(task)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', P .. 'placing:' .. line, '-inf', before)) do
    local limit = redis.call('ZSCORE', P .. 'placing:' .. task.level, id)
    if limit and tonumber(limit) >= now then return true end
  end
  return redis.call('ZCOUNT', P .. 'line:' .. line, '-inf', before) > 0
end

if max > 0 then
  if others_first() then return -2 end
  if not redis.call('ZSCORE', key, task.id) and redis.call('ZCARD', key) >= max then return 0 end
end
use_slot(task, ARGV[3])
placed(task)
-- Only a start moves the clock: a tenant that finds no place loses nothing by trying.
local pass = tonumber(task.pass or 0)
if max > 0 and pass > tonumber(redis.call('GET', P .. 'clock:' .. task.level) or 0) then
  redis.call('SET', P .. 'clock:' .. task.level, pass)
end
redis.call('HDEL', P .. 'tries', line_of(task))
return 1
