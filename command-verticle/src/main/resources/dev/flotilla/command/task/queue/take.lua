-- Leases tasks to a node. ARGV: node, leaseMs, count. Answers their ids in the order in which they
-- are to start, or nil where Redis has lost the queue and it must be rebuilt first.
if redis.call('EXISTS', P .. 'built') == 0 then return nil end
local node, deadline, count = ARGV[1], now + tonumber(ARGV[2]), tonumber(ARGV[3])

wake('parked', 256, now)
wake('absent', 256, now)
for _, id in ipairs(redis.call('ZRANGEBYSCORE', P .. 'delayed', '-inf', now, 'LIMIT', 0, 256)) do
  local task = load(id)
  redis.call('ZREM', P .. 'delayed', id)
  if task then to_ready(task) end
end

local taken = {}
while #taken < count do
  local orphan = redis.call('ZPOPMIN', P .. 'orphans')
  if #orphan == 0 then break end
  local task = load(orphan[1])
  if task then
    to_leased(task, node, deadline)
    table.insert(taken, task.id)
  end
end

local cap = redis.call('HGET', P .. 'caps', '*')
if cap then
  local free = tonumber(cap) - redis.call('ZCARD', P .. 'leases')
  count = math.min(count, #taken + math.max(0, free))
end

-- The first task of the tenant's first line and the ordinal of the one behind it, or nil after
-- removing what leads nowhere.
local function first(level, tenant)
  local kind = redis.call('ZRANGE', lines_key(level, tenant), 0, 0)[1]
  if not kind then
    redis.call('ZREM', P .. 'tenants:' .. level, tenant)
    return nil
  end
  local line = P .. 'line:' .. level .. '|' .. tenant .. '|' .. kind
  local two = redis.call('ZRANGE', line, 0, 1, 'WITHSCORES')
  local id = two[1]
  local task = id and load(id)
  if not task then
    if id then redis.call('ZREM', line, id) end
    open_line(level, tenant, kind)
  elseif shut(task) then
    -- Somebody of the same session or key has passed since the line was opened.
    open_line(level, tenant, kind)
    return nil
  end
  return task, two[4]
end

-- Takes the first task out of its line, which goes on with the one behind it: it was open, so that its first
-- task's gates are all that could close it.
local function step(task, behind)
  redis.call('ZREM', P .. 'line:' .. line_of(task), task.id)
  redis.call('ZREM', P .. 'waiting:' .. task.level, task.id)
  if not behind then
    close_line(task.level, task.tenant, task.kind)
  elseif is_gated(task.kind) then
    open_line(task.level, task.tenant, task.kind)
  else
    redis.call('ZADD', lines_key(task.level, task.tenant), behind, task.kind)
  end
end

-- Whoever has a larger share pays less for a turn. Answers what the task is to remember of it.
local function pay(level, tenant, task)
  local pass = tonumber(redis.call('ZSCORE', P .. 'tenants:' .. level, tenant))
  local weight = is_set('weights') and redis.call('HGET', P .. 'weights', tenant)
  local fare = FARE / tonumber(weight or 1)
  redis.call('HSET', P .. 'passes:' .. level, tenant, pass + fare)
  redis.call('ZADD', P .. 'tenants:' .. level, pass + fare, tenant)
  local mark = ''
  if tonumber(task.starts) > 0 then
    mark = task.id .. '#' .. redis.call('INCR', P .. 'marks')
    for _, gate in ipairs(gates_of(task.kind)) do
      if string.sub(gate, 1, 1) == '~' then
        local rate = P .. 'rate:' .. task.tenant .. '|' .. gate
        redis.call('ZADD', rate, now, mark)
        redis.call('PEXPIRE', rate, math.max(tonumber(task.per), redis.call('PTTL', rate)))
      end
    end
  end
  return 'fare', fare, 'pass', pass, 'mark', mark
end

for level = 0, 3 do
  local tenants = P .. 'tenants:' .. level
  local open = not fleet_paused(level)
  while open and #taken < count do
    local tenant = redis.call('ZRANGE', tenants, 0, 0)[1]
    if not tenant then break end
    local task, behind = first(level, tenant)
    if task then
      local paid = { pay(level, tenant, task) }
      step(task, behind)
      to_leased(task, node, deadline, unpack(paid))
      redis.call('ZADD', P .. 'placing:' .. level, now + PLACING, task.id)
      redis.call('ZADD', P .. 'placing:' .. line_of(task), task.ordinal, task.id)
      table.insert(taken, task.id)
    end
  end
end
return taken
