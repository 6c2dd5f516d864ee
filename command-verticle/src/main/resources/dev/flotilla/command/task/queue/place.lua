-- Makes Redis agree with PostgreSQL about tasks. ARGV: force, then
-- (id, tenant, level, ordinal, kind, want, ms, node, instance)*. Answers the ids that were put right.
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

local placed = {}
for i = 2, #ARGV, 9 do
  local id, want, ms = ARGV[i], ARGV[i + 5], tonumber(ARGV[i + 6])
  local node, instance = ARGV[i + 7], ARGV[i + 8]
  local task = load(id)
  local right = ARGV[1] == '0' and task and reasonable[want][task.at] and at_home(task)
  if right and instance ~= '' and (want == 'leased' or want == 'orphan') then
    right = redis.call('ZSCORE', P .. 'slots:' .. instance, id)
  end
  if right then
    if task.at == 'ready' then open_line(task.level, task.tenant, task.kind) end
  else
    if task then detach(task) end
    if not task then
      task = create(id, ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4])
    end
    redis.call('ZADD', P .. 'index', task.ordinal, id)
    if want == 'leased' or want == 'orphan' then
      if instance ~= '' then use_slot(task, instance) end
      if want == 'leased' then
        to_leased(task, node, now + ms)
      else
        to_orphans(task)
        take_session(task)
      end
    else
      free_slot(task)
      if want == 'delayed' then to_delayed(task, now + ms) else to_ready(task) end
      free_session(task)
    end
    table.insert(placed, id)
  end
end
return placed
