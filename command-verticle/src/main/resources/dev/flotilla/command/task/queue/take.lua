-- Leases tasks to a node. ARGV: node, leaseMs, count. Answers their ids in the order in which they
-- are to start, or nil where Redis has lost the queue and it must be rebuilt first.
if redis.call('EXISTS', P .. 'built') == 0 then return nil end
local node, deadline, count = ARGV[1], now + tonumber(ARGV[2]), tonumber(ARGV[3])

wake(256, now)
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

-- The first task of the tenant's first line, or nil after removing what leads nowhere.
local function first(level, tenant)
  local kind = redis.call('ZRANGE', lines_key(level, tenant), 0, 0)[1]
  if not kind then
    redis.call('ZREM', P .. 'tenants:' .. level, tenant)
    return nil
  end
  local line = P .. 'line:' .. level .. '|' .. tenant .. '|' .. kind
  local id = redis.call('ZRANGE', line, 0, 0)[1]
  local task = id and load(id)
  if not task then
    if id then redis.call('ZREM', line, id) end
    open_line(level, tenant, kind)
  end
  return task
end

for level = 0, 3 do
  local tenants = P .. 'tenants:' .. level
  while #taken < count do
    local tenant = redis.call('ZRANGE', tenants, 0, 0)[1]
    if not tenant then break end
    local task = first(level, tenant)
    if task then
      redis.call('HSET', P .. 'task:' .. task.id, 'turn', redis.call('ZSCORE', tenants, tenant))
      set_turn(level, tenant, redis.call('INCR', P .. 'turn'))
      detach(task)
      to_leased(task, node, deadline)
      table.insert(taken, task.id)
    end
  end
end
return taken
