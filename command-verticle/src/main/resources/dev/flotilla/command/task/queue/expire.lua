-- Takes back leases that were not renewed. ARGV: limit. Answers the ids. Slot, session and key stay
-- taken: the run may go on.
local ids = redis.call('ZRANGEBYSCORE', P .. 'leases', '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))
for _, id in ipairs(ids) do
  redis.call('ZREM', P .. 'leases', id)
  local task = load(id)
  if task then
    detach(task)
    to_orphans(task)
  end
end
return ids
