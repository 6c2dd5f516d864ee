-- Puts new tasks in. ARGV: (id, tenant, level, ordinal, kind, runs, starts, per, delayMs)*. Answers
-- how many were new.
local added = 0
for i = 1, #ARGV, 9 do
  if redis.call('EXISTS', P .. 'task:' .. ARGV[i]) == 0 then
    local delay = tonumber(ARGV[i + 8])
    local task = create(ARGV, i, delay > 0 and 'delayed' or 'ready')
    if delay > 0 then to_delayed(task, now + delay) else to_ready(task) end
    added = added + 1
  end
end
return added
