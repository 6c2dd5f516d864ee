-- Puts new tasks in. ARGV: (id, tenant, level, ordinal, kind, delayMs)*. Answers how many were new.
local added = 0
for i = 1, #ARGV, 6 do
  if not load(ARGV[i]) then
    local task = create(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4])
    local delay = tonumber(ARGV[i + 5])
    if delay > 0 then to_delayed(task, now + delay) else to_ready(task) end
    added = added + 1
  end
end
return added
