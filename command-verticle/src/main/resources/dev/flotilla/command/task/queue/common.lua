-- The structures of the queue, and the moves that the scripts share. Prepended to each of them.
--
-- KEYS[1] is the prefix of every key. It has a hash tag, so that all keys lie in one slot of a Redis
-- Cluster, and one script moves a task between them at once.
--
--   task:{id}         hash    tenant, level, ordinal, kind, at, node, instance, turn
--   index             zset    every task here, by ordinal
--   line:{line}       zset    tasks that wait in a line, by ordinal
--   lines:{lv}:{tn}   zset    open lines of a tenant and level, by the ordinal of their first task
--   tenants:{lv}      zset    tenants with an open line, by their turn: the least is next
--   turns:{lv}        hash    the turn of every tenant; turn: the newest one
--   parked:{lv}       zset    lines whose first task found no place, by when to try again
--   waiting:{lv}      zset    all tasks that wait in lines of a level: its cardinality is the depth
--   delayed           zset    tasks that are due later, by when
--   orphans           zset    tasks whose lease has ended without an end of the task, by ordinal
--   leases            zset    tasks in hand, by the lease's deadline
--   slots:{instance}  zset    tasks that use a slot there; slotted: set of such instances
--   sessions          hash    the task in hand of each session
--   building:{token}  string  a comparison with PostgreSQL that is under way
--   built             string  set once one has come to its end without a loss meanwhile
--
-- A line holds tasks of one tenant and level that have the same needs (its kind): when one finds no
-- place, neither would the next. So what is parked is the line, not each task, and the tasks keep
-- their places.
local P = KEYS[1] .. ':'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function load(id)
  local f = redis.call('HMGET', P .. 'task:' .. id,
    'tenant', 'level', 'ordinal', 'kind', 'at', 'node', 'instance', 'turn')
  if not f[1] then return nil end
  return { id = id, tenant = f[1], level = f[2], ordinal = f[3], kind = f[4], at = f[5],
    node = f[6], instance = f[7], turn = f[8] }
end

local function line_of(task) return task.level .. '|' .. task.tenant .. '|' .. task.kind end

local function lines_key(level, tenant) return P .. 'lines:' .. level .. ':' .. tenant end

-- Takes a line out of the turns.
local function close_line(level, tenant, kind)
  local key = lines_key(level, tenant)
  if redis.call('ZREM', key, kind) == 1 and redis.call('EXISTS', key) == 0 then
    redis.call('ZREM', P .. 'tenants:' .. level, tenant)
  end
end

-- Sessions run one task at a time; the kind of their lines starts with s.
local function session_of(tenant, kind)
  if string.sub(kind, 1, 1) == 's' then return tenant .. '|' .. kind end
  return nil
end

-- Puts a line into the turns if it has tasks, is not parked and its session is free.
local function open_line(level, tenant, kind)
  local line = level .. '|' .. tenant .. '|' .. kind
  local head = redis.call('ZRANGE', P .. 'line:' .. line, 0, 0, 'WITHSCORES')
  local session = session_of(tenant, kind)
  if #head == 0 or redis.call('ZSCORE', P .. 'parked:' .. level, line)
      or (session and redis.call('HEXISTS', P .. 'sessions', session) == 1) then
    close_line(level, tenant, kind)
    return
  end
  local key = lines_key(level, tenant)
  if redis.call('EXISTS', key) == 0 then
    local turn = redis.call('HGET', P .. 'turns:' .. level, tenant) or 0
    redis.call('ZADD', P .. 'tenants:' .. level, turn, tenant)
  end
  redis.call('ZADD', key, head[2], kind)
end

local function take_session(task)
  local session = session_of(task.tenant, task.kind)
  if session then
    redis.call('HSET', P .. 'sessions', session, task.id)
    for level = 0, 3 do close_line(level, task.tenant, task.kind) end
  end
end

local function free_session(task)
  local session = session_of(task.tenant, task.kind)
  if session and redis.call('HGET', P .. 'sessions', session) == task.id then
    redis.call('HDEL', P .. 'sessions', session)
    for level = 0, 3 do open_line(level, task.tenant, task.kind) end
  end
end

local function free_slot(task)
  if task.instance and task.instance ~= '' then
    local key = P .. 'slots:' .. task.instance
    redis.call('ZREM', key, task.id)
    if redis.call('EXISTS', key) == 0 then redis.call('SREM', P .. 'slotted', task.instance) end
    redis.call('HSET', P .. 'task:' .. task.id, 'instance', '')
    task.instance = ''
  end
end

local function use_slot(task, instance)
  if task.instance ~= instance then free_slot(task) end
  redis.call('ZADD', P .. 'slots:' .. instance, task.ordinal, task.id)
  redis.call('SADD', P .. 'slotted', instance)
  redis.call('HSET', P .. 'task:' .. task.id, 'instance', instance)
  task.instance = instance
end

-- Takes a task out of the structure that it is in.
local function detach(task)
  if task.at == 'ready' then
    redis.call('ZREM', P .. 'line:' .. line_of(task), task.id)
    redis.call('ZREM', P .. 'waiting:' .. task.level, task.id)
    open_line(task.level, task.tenant, task.kind)
  elseif task.at == 'leased' then
    redis.call('ZREM', P .. 'leases', task.id)
  elseif task.at == 'delayed' then
    redis.call('ZREM', P .. 'delayed', task.id)
  elseif task.at == 'orphan' then
    redis.call('ZREM', P .. 'orphans', task.id)
  end
end

local function arrive(task, at, node)
  task.at = at
  redis.call('HSET', P .. 'task:' .. task.id, 'at', at, 'node', node or '')
end

local function to_ready(task)
  arrive(task, 'ready')
  redis.call('ZADD', P .. 'line:' .. line_of(task), task.ordinal, task.id)
  redis.call('ZADD', P .. 'waiting:' .. task.level, task.ordinal, task.id)
  open_line(task.level, task.tenant, task.kind)
end

local function to_delayed(task, at)
  arrive(task, 'delayed')
  redis.call('ZADD', P .. 'delayed', at, task.id)
end

local function to_orphans(task)
  arrive(task, 'orphan')
  redis.call('ZADD', P .. 'orphans', task.ordinal, task.id)
end

local function to_leased(task, node, deadline)
  arrive(task, 'leased', node)
  redis.call('ZADD', P .. 'leases', deadline, task.id)
  take_session(task)
end

-- Makes the task known and homeless; the caller puts it somewhere.
local function create(id, tenant, level, ordinal, kind)
  redis.call('HSET', P .. 'task:' .. id, 'tenant', tenant, 'level', level, 'ordinal', ordinal,
    'kind', kind, 'at', '', 'node', '', 'instance', '', 'turn', 0)
  redis.call('ZADD', P .. 'index', ordinal, id)
  return load(id)
end

local function forget(task)
  detach(task)
  free_slot(task)
  redis.call('DEL', P .. 'task:' .. task.id)
  redis.call('ZREM', P .. 'index', task.id)
  free_session(task)
end

local function split(line)
  return string.match(line, '^([^|]*)|([^|]*)|([^|]*)$')
end

-- Sets whose turn it is. A turn that is given back counts as not had.
local function set_turn(level, tenant, turn)
  redis.call('HSET', P .. 'turns:' .. level, tenant, turn)
  redis.call('ZADD', P .. 'tenants:' .. level, 'XX', turn, tenant)
end

-- Lets parked lines try again: higher levels first, then those that have waited longest.
local function wake(limit, before)
  local woken = 0
  for level = 0, 3 do
    local key = P .. 'parked:' .. level
    local lines = redis.call('ZRANGEBYSCORE', key, '-inf', before, 'LIMIT', 0, limit - woken)
    for _, line in ipairs(lines) do
      redis.call('ZREM', key, line)
      open_line(split(line))
    end
    woken = woken + #lines
  end
  return woken
end

-- True where the lease of the task is still the node's.
local function held(task, node)
  return task and task.at == 'leased' and task.node == node
end
