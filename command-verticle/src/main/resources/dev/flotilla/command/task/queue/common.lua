-- The structures of the queue, and the moves that the scripts share. Prepended to each of them.
--
-- KEYS[1] is the prefix of every key. It has a hash tag, so that all keys lie in one slot of a Redis
-- Cluster, and one script moves a task between them at once.
--
--   task:{id}         hash    tenant, level, ordinal, kind, runs, starts, per, at, node, instance,
--                             fare, pass, mark
--   index             zset    every task here, by ordinal
--   line:{line}       zset    tasks that wait in a line, by ordinal
--   lines:{lv}:{tn}   zset    open lines of a tenant and level, by the ordinal of their first task
--   tenants:{lv}      zset    tenants whose turn may come, by their pass: the least is next
--   passes:{lv}       hash    how far each tenant has got; clock:{lv}: how far the level has
--   parked:{lv}       zset    lines whose first task found all places taken, by when to try again
--   absent:{lv}       zset    lines whose first task has no place at all, or has to wait for its
--                             key's rate, by when to try again
--   tries             hash    how often in a row a line has found no place
--   waiting:{lv}      zset    all tasks that wait in lines of a level: its cardinality is the depth
--   delayed           zset    tasks that are due later, by when
--   orphans           zset    tasks whose lease has ended without an end of the task, by ordinal
--   leases            zset    tasks in hand, by the lease's deadline
--   placing:{lv}      zset    leased tasks that look for a place, by how long others wait for them
--   placing:{line}    zset    the same of a line, by ordinal
--   slots:{instance}  zset    tasks that use a slot there; slotted: set of such instances
--   hand:{tenant}     zset    tasks of a tenant in hand or orphaned; handed: set of such tenants;
--                             both sets also name those that had some since the last comparison
--   gate:{tn}|{gate}  zset    tasks in hand that share a session or a key; gates: set of them
--   gated:{tn}|{gate} set     lines that wait for somebody to leave the gate
--   rate:{tn}|{gate}  zset    starts of a key, by when
--   weights           hash    shares of tenants that have not one; caps: tasks of a tenant in hand,
--                             at most, `*` for the fleet
--   crowded           set     tenants that have as many tasks in hand as they may
--   paused            set     tenant|level; `*` stands for every tenant, or every level
--   building:{token}  string  a comparison with PostgreSQL that is under way
--   built             string  set once one has come to its end without a loss meanwhile
--
-- A line holds tasks of one tenant and level that have the same needs and the same key (its kind):
-- when one finds no place, neither would the next. So what is parked is the line, not each task, and
-- the tasks keep their places. Levels go from 0, critical, to 3, low.
local P = KEYS[1] .. ':'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local FARE = 1000
-- Nobody looks for a place longer than this; a node that does has died.
local PLACING = 3000

local function load(id)
  local f = redis.call('HMGET', P .. 'task:' .. id, 'tenant', 'level', 'ordinal', 'kind', 'runs',
    'starts', 'per', 'at', 'node', 'instance', 'fare', 'mark', 'pass')
  if not f[1] then return nil end
  return { id = id, tenant = f[1], level = f[2], ordinal = f[3], kind = f[4], runs = f[5],
    starts = f[6], per = f[7], at = f[8], node = f[9], instance = f[10], fare = f[11],
    mark = f[12], pass = f[13] }
end

local function line_of(task) return task.level .. '|' .. task.tenant .. '|' .. task.kind end

local function lines_key(level, tenant) return P .. 'lines:' .. level .. ':' .. tenant end

local function split(line)
  return string.match(line, '^([^|]*)|([^|]*)|([^|]*)$')
end

-- What operators have set is asked for with every move of every line, and mostly nothing is set: a
-- script looks once whether there is anything.
local set = nil
local function is_set(name)
  if not set then
    set = {}
    for _, rule in ipairs({ 'paused', 'caps', 'weights' }) do
      set[rule] = redis.call('EXISTS', P .. rule) == 1
    end
  end
  return set[name]
end

-- Writes a name down once in a script.
local noted = {}
local function note(set_name, name)
  local key = set_name .. ':' .. name
  if not noted[key] then
    redis.call('SADD', P .. set_name, name)
    noted[key] = true
  end
end

local function fleet_paused(level)
  return is_set('paused') and (redis.call('SISMEMBER', P .. 'paused', '*|*') == 1
    or redis.call('SISMEMBER', P .. 'paused', '*|' .. level) == 1)
end

local function tenant_paused(tenant, level)
  return is_set('paused') and (redis.call('SISMEMBER', P .. 'paused', tenant .. '|*') == 1
    or redis.call('SISMEMBER', P .. 'paused', tenant .. '|' .. level) == 1)
end

local function is_crowded(tenant)
  local cap = is_set('caps') and redis.call('HGET', P .. 'caps', tenant)
  return cap and redis.call('ZCARD', P .. 'hand:' .. tenant) >= tonumber(cap)
end

-- Lets a tenant have turns at a level if it has an open line there and may start tasks; open says
-- that it has one.
local function enrol(level, tenant, open)
  local key = P .. 'tenants:' .. level
  if not open and redis.call('EXISTS', lines_key(level, tenant)) == 0
      or tenant_paused(tenant, level) then
    redis.call('ZREM', key, tenant)
  elseif is_crowded(tenant) then
    redis.call('SADD', P .. 'crowded', tenant)
    redis.call('ZREM', key, tenant)
  elseif not redis.call('ZSCORE', key, tenant) then
    -- Who was away has not saved up turns.
    local pass = tonumber(redis.call('HGET', P .. 'passes:' .. level, tenant) or 0)
    local clock = tonumber(redis.call('GET', P .. 'clock:' .. level) or 0)
    redis.call('ZADD', key, math.max(pass, clock), tenant)
  end
end

-- Takes a line out of the turns.
local function close_line(level, tenant, kind)
  local key = lines_key(level, tenant)
  if redis.call('ZREM', key, kind) == 1 and redis.call('EXISTS', key) == 0 then
    redis.call('ZREM', P .. 'tenants:' .. level, tenant)
  end
end

-- What tasks of a kind have to pass. A session, whose kind begins with s, is a gate for one; the key,
-- behind the ~, one for as many as the task says.
local function gates_of(kind)
  local base, key = string.match(kind, '^([^~]*)~?(.*)$')
  local gates = {}
  if string.sub(base, 1, 1) == 's' then gates[1] = base end
  if key ~= '' then gates[#gates + 1] = '~' .. key end
  return gates
end

-- The gate that a task has to wait at, and until when where that is known.
local function shut(task)
  for _, gate in ipairs(gates_of(task.kind)) do
    local name = task.tenant .. '|' .. gate
    local keyed = string.sub(gate, 1, 1) == '~'
    local max = keyed and tonumber(task.runs) or 1
    if max > 0 and redis.call('ZCARD', P .. 'gate:' .. name) >= max
        and not redis.call('ZSCORE', P .. 'gate:' .. name, task.id) then
      return name, nil
    end
    if keyed and tonumber(task.starts) > 0 then
      local rate, per = P .. 'rate:' .. name, tonumber(task.per)
      redis.call('ZREMRANGEBYSCORE', rate, '-inf', now - per)
      local over = redis.call('ZCARD', rate) - tonumber(task.starts)
      if over >= 0 then
        return name, tonumber(redis.call('ZRANGE', rate, over, over, 'WITHSCORES')[2]) + per
      end
    end
  end
  return nil
end

local function is_gated(kind)
  return string.find(kind, '^s') or string.find(kind, '~', 1, true)
end

-- Puts a line into the turns if it has tasks, is not parked, and its first task may pass its gates.
local function open_line(level, tenant, kind)
  local line = level .. '|' .. tenant .. '|' .. kind
  local head = redis.call('ZRANGE', P .. 'line:' .. line, 0, 0, 'WITHSCORES')
  if #head == 0 or redis.call('ZSCORE', P .. 'parked:' .. level, line)
      or redis.call('ZSCORE', P .. 'absent:' .. level, line) then
    close_line(level, tenant, kind)
    return
  end
  if is_gated(kind) then
    local task = load(head[1])
    local gate, later
    if task then gate, later = shut(task) end
    if gate then
      if later then
        redis.call('ZADD', P .. 'absent:' .. level, later, line)
      else
        redis.call('SADD', P .. 'gated:' .. gate, line)
      end
      close_line(level, tenant, kind)
      return
    end
  end
  redis.call('ZADD', lines_key(level, tenant), head[2], kind)
  enrol(level, tenant, true)
end

-- Opens the lines that wait for a gate. Those that find it shut go back.
local function reopen(gate)
  local lines = redis.call('SMEMBERS', P .. 'gated:' .. gate)
  redis.call('DEL', P .. 'gated:' .. gate)
  for _, line in ipairs(lines) do open_line(split(line)) end
end

-- The task is in somebody's hand: it counts for its tenant, its session and its key.
local function enter(task)
  redis.call('ZADD', P .. 'hand:' .. task.tenant, task.ordinal, task.id)
  note('handed', task.tenant)
  if is_crowded(task.tenant) then
    redis.call('SADD', P .. 'crowded', task.tenant)
    for level = 0, 3 do redis.call('ZREM', P .. 'tenants:' .. level, task.tenant) end
  end
  local gates = gates_of(task.kind)
  for _, gate in ipairs(gates) do
    local name = task.tenant .. '|' .. gate
    redis.call('ZADD', P .. 'gate:' .. name, task.ordinal, task.id)
    redis.call('SADD', P .. 'gates', name)
  end
  -- Its own kind may find the gate shut now. Other kinds with the same key find out when their turn
  -- comes.
  if #gates > 0 then
    for level = 0, 3 do open_line(level, task.tenant, task.kind) end
  end
end

local function leave_gate(name, id)
  if redis.call('ZREM', P .. 'gate:' .. name, id) == 1 then
    if redis.call('EXISTS', P .. 'gate:' .. name) == 0 then
      redis.call('SREM', P .. 'gates', name)
    end
    reopen(name)
    return true
  end
  return false
end

local function leave_hand(tenant, id)
  if redis.call('ZREM', P .. 'hand:' .. tenant, id) == 0 then return false end
  if is_set('caps') and redis.call('SREM', P .. 'crowded', tenant) == 1 then
    for level = 0, 3 do enrol(level, tenant) end
  end
  return true
end

local function leave(task)
  leave_hand(task.tenant, task.id)
  for _, gate in ipairs(gates_of(task.kind)) do leave_gate(task.tenant .. '|' .. gate, task.id) end
end

local function free_slot(task, gone)
  if task.instance and task.instance ~= '' then
    redis.call('ZREM', P .. 'slots:' .. task.instance, task.id)
    if not gone then redis.call('HSET', P .. 'task:' .. task.id, 'instance', '') end
    task.instance = ''
  end
end

local function use_slot(task, instance)
  if task.instance ~= instance then free_slot(task) end
  redis.call('ZADD', P .. 'slots:' .. instance, task.ordinal, task.id)
  note('slotted', instance)
  redis.call('HSET', P .. 'task:' .. task.id, 'instance', instance)
  task.instance = instance
end

-- The task looks for a place no more.
local function placed(task)
  if redis.call('ZREM', P .. 'placing:' .. task.level, task.id) == 1 then
    redis.call('ZREM', P .. 'placing:' .. line_of(task), task.id)
  end
end

-- Takes a task out of the structure that it is in.
local function detach(task)
  if task.at == 'ready' then
    redis.call('ZREM', P .. 'line:' .. line_of(task), task.id)
    redis.call('ZREM', P .. 'waiting:' .. task.level, task.id)
    open_line(task.level, task.tenant, task.kind)
  elseif task.at == 'leased' then
    redis.call('ZREM', P .. 'leases', task.id)
    placed(task)
  elseif task.at == 'delayed' then
    redis.call('ZREM', P .. 'delayed', task.id)
  elseif task.at == 'orphan' then
    redis.call('ZREM', P .. 'orphans', task.id)
  end
end

-- More fields of the task, that change with this, may follow.
local function arrive(task, at, node, ...)
  if task.at ~= at or task.node ~= node or ... then
    redis.call('HSET', P .. 'task:' .. task.id, 'at', at, 'node', node, ...)
    task.at, task.node = at, node
  end
end

local function join_line(task)
  arrive(task, 'ready', '')
  redis.call('ZADD', P .. 'line:' .. line_of(task), task.ordinal, task.id)
  redis.call('ZADD', P .. 'waiting:' .. task.level, task.ordinal, task.id)
end

-- Only a line's first task says whether it is open: who stands behind it changes nothing.
local function to_ready(task)
  join_line(task)
  if redis.call('ZRANGE', P .. 'line:' .. line_of(task), 0, 0)[1] == task.id then
    open_line(task.level, task.tenant, task.kind)
  end
end

local function to_delayed(task, at)
  arrive(task, 'delayed', '')
  redis.call('ZADD', P .. 'delayed', at, task.id)
end

local function to_orphans(task)
  arrive(task, 'orphan', '')
  redis.call('ZADD', P .. 'orphans', task.ordinal, task.id)
  enter(task)
end

local function to_leased(task, node, deadline, ...)
  arrive(task, 'leased', node, ...)
  redis.call('ZADD', P .. 'leases', deadline, task.id)
  enter(task)
end

-- Makes the task known and homeless; the caller puts it somewhere. a[i] is its id; then come tenant,
-- level, ordinal, kind, runs, starts and per.
-- at is where it is put, '' where that is not known yet.
local function create(a, i, at)
  redis.call('HSET', P .. 'task:' .. a[i], 'tenant', a[i + 1], 'level', a[i + 2],
    'ordinal', a[i + 3], 'kind', a[i + 4], 'runs', a[i + 5], 'starts', a[i + 6], 'per', a[i + 7],
    'at', at, 'node', '', 'instance', '', 'fare', 0, 'mark', '')
  redis.call('ZADD', P .. 'index', a[i + 3], a[i])
  return { id = a[i], tenant = a[i + 1], level = a[i + 2], ordinal = a[i + 3], kind = a[i + 4],
    runs = a[i + 5], starts = a[i + 6], per = a[i + 7], at = at, node = '', instance = '',
    fare = '0', mark = '' }
end

local function forget(task)
  detach(task)
  redis.call('DEL', P .. 'task:' .. task.id)
  free_slot(task, true)
  redis.call('ZREM', P .. 'index', task.id)
  leave(task)
end

-- A task that was taken and has not started: its tenant has not had its turn, its key no start.
local function undo_turn(task)
  local fare = tonumber(task.fare)
  if fare > 0 then
    local pass = redis.call('HINCRBYFLOAT', P .. 'passes:' .. task.level, task.tenant, -fare)
    redis.call('ZADD', P .. 'tenants:' .. task.level, 'XX', pass, task.tenant)
  end
  if task.mark ~= '' then
    for _, gate in ipairs(gates_of(task.kind)) do
      redis.call('ZREM', P .. 'rate:' .. task.tenant .. '|' .. gate, task.mark)
    end
  end
  redis.call('HSET', P .. 'task:' .. task.id, 'fare', 0, 'mark', '')
end

-- Lets lines of a waiting room try again: higher levels first, then those that have waited longest.
local function wake(room, limit, before)
  local woken = 0
  for level = 0, 3 do
    local key = P .. room .. ':' .. level
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
