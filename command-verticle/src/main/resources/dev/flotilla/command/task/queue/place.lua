-- Makes Redis agree with PostgreSQL about tasks. ARGV: force, then (id, tenant, level, ordinal, kind,
-- runs, starts, per, want, ms, node, instance)*. Answers the ids that were put right.
-- want: ready; delayed for ms; leased by node for ms; orphan (the lease has ended).
--
-- Unless forced, a task that is somewhere reasonable stays: PostgreSQL was read a moment ago, and
-- who moves a task writes there first.
local reasonable = {
  ready = { ready = true, leased = true, orphan = true, delayed = true },
  delayed = { ready = true, leased = true, orphan = true, delayed = true },
  leased = { leased = true },
  orphan = { ready = true, leased = true, orphan = true },
}

local function at_home(task)
  local key = task.at == 'ready' and 'line:' .. line_of(task)
    or task.at == 'leased' and 'leases'
    or task.at == 'delayed' and 'delayed'
    or task.at == 'orphan' and 'orphans'
  return key and redis.call('ZSCORE', P .. key, task.id)
end

local moved = {}
for i = 2, #ARGV, 12 do
  local id, want, ms = ARGV[i], ARGV[i + 8], tonumber(ARGV[i + 9])
  local node, instance = ARGV[i + 10], ARGV[i + 11]
  local task = load(id)
  local right = ARGV[1] == '0' and task and reasonable[want][task.at] and at_home(task)
  if right and instance ~= '' and (want == 'leased' or want == 'orphan') then
    right = redis.call('ZSCORE', P .. 'slots:' .. instance, id)
  end
  if right then
    if task.at == 'ready' then
      redis.call('ZADD', P .. 'waiting:' .. task.level, task.ordinal, id)
      open_line(task.level, task.tenant, task.kind)
    elseif task.at ~= 'delayed' then
      enter(task)
    end
    redis.call('ZADD', P .. 'index', task.ordinal, id)
  else
    if task then detach(task) else task = create(ARGV, i, '') end
    redis.call('ZADD', P .. 'index', task.ordinal, id)
    if want == 'leased' or want == 'orphan' then
      if instance ~= '' then use_slot(task, instance) end
      if want == 'leased' then to_leased(task, node, now + ms) else to_orphans(task) end
    else
      free_slot(task)
      if want == 'delayed' then to_delayed(task, now + ms) else to_ready(task) end
      leave(task)
    end
    table.insert(moved, id)
  end
end
return moved
