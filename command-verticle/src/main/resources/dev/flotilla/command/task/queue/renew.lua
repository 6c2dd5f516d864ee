-- Prolongs leases. ARGV: node, leaseMs, id*. Answers the ids whose lease is not the node's.
local lost = {}
for i = 3, #ARGV do
  local task = load(ARGV[i])
  if held(task, ARGV[1]) then
    redis.call('ZADD', P .. 'leases', now + tonumber(ARGV[2]), task.id)
  else
    table.insert(lost, ARGV[i])
  end
end
return lost
